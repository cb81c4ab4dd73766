{{/* What each entry of the webhook configurations has: "webhook", the component; "entry", its values; "path". */}}
{{- define "pratique.entry" -}}
{{- $root := .webhook.root -}}
{{- $certificate := $root.Values.webhook.certificate -}}
admissionReviewVersions: [v1]
failurePolicy: {{ .entry.failurePolicy }}
timeoutSeconds: {{ .entry.timeoutSeconds }}
matchPolicy: Equivalent
clientConfig:
  service:
    name: {{ include "pratique.name" .webhook }}
    namespace: {{ $root.Release.Namespace }}
    path: {{ .path }}
  {{- if and (eq $certificate.from "secret") $certificate.authority }}
  caBundle: {{ $certificate.authority | b64enc }}
  {{- end }}
{{- end -}}

{{/* Namespaces that are never asked for. */}}
{{- define "pratique.excludedNamespaces" -}}
- key: kubernetes.io/metadata.name
  operator: NotIn
  values:
    {{- toYaml (append .Values.webhook.excludedNamespaces .Release.Namespace | uniq) | nindent 4 }}
{{- end -}}

{{- define "pratique.judged" -}}
- operations: [CREATE, UPDATE]
  apiGroups: ['']
  apiVersions: [v1]
  resources: [pods, pods/ephemeralcontainers, replicationcontrollers]
  scope: Namespaced
- operations: [CREATE, UPDATE]
  apiGroups: [apps]
  apiVersions: [v1]
  resources: [deployments, replicasets, statefulsets, daemonsets]
  scope: Namespaced
- operations: [CREATE, UPDATE]
  apiGroups: [batch]
  apiVersions: [v1]
  resources: [jobs, cronjobs]
  scope: Namespaced
{{- end -}}

{{- define "pratique.configurationMetadata" -}}
{{ include "pratique.clusterMetadata" . }}
{{- if eq .values.certificate.from "cert-manager" }}
annotations:
  cert-manager.io/inject-ca-from: {{ .root.Release.Namespace }}/{{ include "pratique.name" . }}
{{- end }}
{{- end -}}
