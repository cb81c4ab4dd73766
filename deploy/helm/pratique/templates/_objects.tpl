{{/* Objects that both programs have, when their values ask for them. */}}

{{- define "pratique.serviceAccountObject" -}}
{{- if .values.serviceAccount.create }}
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ include "pratique.serviceAccount" . }}
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "pratique.labels" . | nindent 4 }}
  {{- with .values.serviceAccount.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
{{- end -}}

{{/* Binds a role to the component's service account: "kind", "role", and "in", a namespace, for a RoleBinding. */}}
{{- define "pratique.binding" -}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: {{ ternary "RoleBinding" "ClusterRoleBinding" (hasKey . "in") }}
metadata:
  name: {{ .role }}
  {{- if hasKey . "in" }}
  namespace: {{ .in }}
  {{- end }}
  labels:
    {{- include "pratique.labels" . | nindent 4 }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: {{ .kind }}
  name: {{ .role }}
subjects:
  - kind: ServiceAccount
    name: {{ include "pratique.serviceAccount" . }}
    namespace: {{ .root.Release.Namespace }}
{{- end -}}

{{- define "pratique.podDisruptionBudget" -}}
{{- if .values.podDisruptionBudget.enabled }}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  {{- include "pratique.metadata" . | nindent 2 }}
spec:
  maxUnavailable: {{ .values.podDisruptionBudget.maxUnavailable }}
  selector:
    matchLabels:
      {{- include "pratique.selector" . | nindent 6 }}
{{- end }}
{{- end -}}

{{/* "port": the name of the container's port. */}}
{{- define "pratique.networkPolicy" -}}
{{- with .values.networkPolicy }}
{{- if .enabled }}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  {{- include "pratique.metadata" $ | nindent 2 }}
spec:
  podSelector:
    matchLabels:
      {{- include "pratique.selector" $ | nindent 6 }}
  policyTypes:
    - Ingress
    {{- if .egress }}
    - Egress
    {{- end }}
  ingress:
    - ports:
        - port: {{ $.port }}
      {{- with .from }}
      from:
        {{- toYaml . | nindent 8 }}
      {{- end }}
  {{- with .egress }}
  egress:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "pratique.claim" -}}
{{- with .values.cache.persistence }}
{{- if and .enabled (gt (int $.values.replicas) 1) (ne .accessMode "ReadWriteMany") }}
{{- fail (printf "%s.cache.persistence: a volume for %d replicas needs the access mode ReadWriteMany" $.name (int $.values.replicas)) }}
{{- end }}
{{- if and .enabled (not .existingClaim) }}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: {{ include "pratique.name" $ }}-cache
  namespace: {{ $.root.Release.Namespace }}
  labels:
    {{- include "pratique.labels" $ | nindent 4 }}
spec:
  accessModes: [{{ .accessMode }}]
  {{- with .storageClass }}
  storageClassName: {{ . }}
  {{- end }}
  resources:
    requests:
      storage: {{ default "10Gi" $.values.cache.size }}
{{- end }}
{{- end }}
{{- end -}}

{{/* "port": the name of the Service's port; "scheme". */}}
{{- define "pratique.serviceMonitor" -}}
{{- if .values.serviceMonitor.enabled }}
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  {{- include "pratique.metadata" . | nindent 2 }}
    {{- with .values.serviceMonitor.labels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  selector:
    matchLabels:
      {{- include "pratique.selector" . | nindent 6 }}
  endpoints:
    - port: {{ .port }}
      path: /metrics
      interval: {{ .values.serviceMonitor.interval }}
      scheme: {{ .scheme }}
      {{- if eq .scheme "https" }}
      # Metrics hold no secrets, and the certificate may be the webhook's own.
      tlsConfig:
        insecureSkipVerify: true
      {{- end }}
{{- end }}
{{- end -}}
