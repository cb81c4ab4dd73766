{{/* Most templates are given a component: dict "root" $ "name" "operator" "values" .Values.operator. */}}

{{- define "pratique.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{ .Values.fullnameOverride | trunc 50 | trimSuffix "-" }}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if contains $name .Release.Name -}}
{{ .Release.Name | trunc 50 | trimSuffix "-" }}
{{- else -}}
{{ printf "%s-%s" .Release.Name $name | trunc 50 | trimSuffix "-" }}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Name of a component's objects. */}}
{{- define "pratique.name" -}}
{{ printf "%s-%s" (include "pratique.fullname" .root) .name }}
{{- end -}}

{{- define "pratique.serviceAccount" -}}
{{- $own := .values.serviceAccount -}}
{{- if $own.create -}}
{{ default (include "pratique.name" .) $own.name }}
{{- else -}}
{{ default "default" $own.name }}
{{- end -}}
{{- end -}}

{{/* What pods are selected by; it must never change. */}}
{{- define "pratique.selector" -}}
app.kubernetes.io/name: {{ default (printf "pratique-%s" .name) .values.nameLabel }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- end -}}

{{- define "pratique.labels" -}}
{{- $common := dict "helm.sh/chart" (printf "%s-%s" .root.Chart.Name (.root.Chart.Version | replace "+" "_")) "app.kubernetes.io/managed-by" .root.Release.Service "app.kubernetes.io/version" .root.Chart.AppVersion "app.kubernetes.io/part-of" "pratique" -}}
{{ include "pratique.selector" . }}
{{ toYaml (merge (dict) $common .root.Values.labels) }}
{{- end -}}

{{/* Name, namespace and labels of an object of a component. */}}
{{- define "pratique.metadata" -}}
name: {{ include "pratique.name" . }}
namespace: {{ .root.Release.Namespace }}
labels:
  {{- include "pratique.labels" . | nindent 2 }}
{{- end -}}

{{- define "pratique.clusterMetadata" -}}
name: {{ include "pratique.name" . }}
labels:
  {{- include "pratique.labels" . | nindent 2 }}
{{- end -}}

{{- define "pratique.image" -}}
{{- $image := .root.Values.image -}}
{{- $path := ternary (printf "%s/%s" $image.registry $image.repository) $image.repository (ne $image.registry "") -}}
{{- if $image.digest -}}
{{ printf "%s@%s" $path $image.digest }}
{{- else -}}
{{ printf "%s:%s" $path (default .root.Chart.AppVersion $image.tag) }}
{{- end -}}
{{- end -}}
