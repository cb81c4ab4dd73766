{{/* What the operator may do in the namespaces that it follows. */}}
{{- define "pratique.operatorRules" -}}
- apiGroups: ['']
  resources: [pods]
  verbs: [get, list, watch]
# Which of its secrets a pod is pulled with; not the secrets.
- apiGroups: ['']
  resources: [serviceaccounts]
  verbs: [get]
- apiGroups: [batch]
  resources: [jobs, cronjobs]
  verbs: [get, list, watch]
- apiGroups: [aquasecurity.github.io]
  resources: [vulnerabilityreports, exposedsecretreports, sbomreports]
  verbs: [get, list, watch, create, update, delete]
- apiGroups: [pratique.dev]
  resources: [vulnerabilityexceptions]
  verbs: [get, list, watch]
# Whether an exception holds.
- apiGroups: [pratique.dev]
  resources: [vulnerabilityexceptions/status]
  verbs: [patch]
{{- end -}}
