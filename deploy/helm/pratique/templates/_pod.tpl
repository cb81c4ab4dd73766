{{/* The parts of a pod that both programs have. */}}

{{/* Options as arguments; those that may be given several times, once for each value. */}}
{{- define "pratique.arguments" -}}
{{- range $option, $value := .values.options }}
{{- if kindIs "slice" $value }}
{{- range $value }}
- {{ printf "--%s=%v" $option . | quote }}
{{- end }}
{{- else if kindIs "float64" $value }}
- {{ printf "--%s=%d" $option (int64 $value) | quote }}
{{- else }}
- {{ printf "--%s=%v" $option $value | quote }}
{{- end }}
{{- end }}
{{- if .root.Values.certificateAuthorities.configMap }}
- --cacert=/etc/pratique/authorities/{{ .root.Values.certificateAuthorities.key }}
{{- end }}
{{- with .values.extraArgs }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "pratique.environment" -}}
- name: TMPDIR
  value: /tmp
{{- with .root.Values.proxy }}
{{- range $variable, $value := dict "HTTPS_PROXY" .https "HTTP_PROXY" .http "NO_PROXY" .except }}
{{- if $value }}
- name: {{ $variable }}
  value: {{ $value | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- if .root.Values.registryCredentials.secret }}
- name: DOCKER_CONFIG
  value: /etc/pratique/registries
{{- end }}
{{- with .values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "pratique.mounts" -}}
- name: cache
  mountPath: /var/cache/pratique
- name: tmp
  mountPath: /tmp
{{- if .root.Values.certificateAuthorities.configMap }}
- name: authorities
  mountPath: /etc/pratique/authorities
  readOnly: true
{{- end }}
{{- if .root.Values.registryCredentials.secret }}
- name: registries
  mountPath: /etc/pratique/registries
  readOnly: true
{{- end }}
{{- with .values.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "pratique.volumes" -}}
{{- $cache := .values.cache -}}
- name: cache
{{- if $cache.persistence.enabled }}
  persistentVolumeClaim:
    claimName: {{ default (printf "%s-cache" (include "pratique.name" .)) $cache.persistence.existingClaim }}
{{- else if $cache.size }}
  emptyDir:
    sizeLimit: {{ $cache.size }}
{{- else }}
  emptyDir: {}
{{- end }}
- name: tmp
  emptyDir: {}
{{- with .root.Values.certificateAuthorities.configMap }}
- name: authorities
  configMap:
    name: {{ . }}
{{- end }}
{{- with .root.Values.registryCredentials.secret }}
- name: registries
  secret:
    secretName: {{ . }}
    items:
      - key: .dockerconfigjson
        path: config.json
{{- end }}
{{- with .values.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Labels of pods. */}}
{{- define "pratique.podMetadata" -}}
labels:
  {{- include "pratique.selector" . | nindent 2 }}
  {{- toYaml (merge (dict "app.kubernetes.io/part-of" "pratique") .values.podLabels .root.Values.labels) | nindent 2 }}
{{- end -}}

{{/* Where pods run. */}}
{{- define "pratique.placement" -}}
{{- with .values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .root.Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}
