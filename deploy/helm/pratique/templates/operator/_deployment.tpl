{{/* The Deployment of the operator, or of its workers: the same program in another role. */}}
{{- define "pratique.operatorDeployment" -}}
{{- $component := . -}}
{{- with .values }}
apiVersion: apps/v1
kind: Deployment
metadata:
  {{- include "pratique.metadata" $component | nindent 2 }}
spec:
  replicas: {{ .replicas }}
  {{- if .cache.persistence.enabled }}
  # The volume goes with one pod at a time.
  strategy:
    type: Recreate
  {{- end }}
  selector:
    matchLabels:
      {{- include "pratique.selector" $component | nindent 6 }}
  template:
    metadata:
      {{- include "pratique.podMetadata" $component | nindent 6 }}
      annotations:
        {{- toYaml (merge (dict) .podAnnotations (dict "prometheus.io/scrape" "true" "prometheus.io/port" "8080")) | nindent 8 }}
    spec:
      serviceAccountName: {{ include "pratique.serviceAccount" $component }}
      terminationGracePeriodSeconds: {{ .terminationGracePeriodSeconds }}
      {{- with include "pratique.placement" $component | trim }}
      {{- . | nindent 6 }}
      {{- end }}
      {{- with .topologySpreadConstraints }}
      topologySpreadConstraints:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      securityContext:
        {{- toYaml .podSecurityContext | nindent 8 }}
      containers:
        - name: {{ $component.name }}
          image: {{ include "pratique.image" $component }}
          imagePullPolicy: {{ $component.root.Values.image.pullPolicy }}
          args:
            - operator
            - --listen=:8080
            {{- with include "pratique.arguments" $component | trim }}
            {{- . | nindent 12 }}
            {{- end }}
          env:
            {{- include "pratique.environment" $component | nindent 12 }}
          {{- with .envFrom }}
          envFrom:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          ports:
            - name: http
              containerPort: 8080
          livenessProbe:
            httpGet:
              path: /healthz
              port: http
            initialDelaySeconds: 5
            periodSeconds: 10
            # Reading a large layer may delay an answer.
            timeoutSeconds: 10
            failureThreshold: 10
          readinessProbe:
            httpGet:
              path: /readyz
              port: http
            periodSeconds: 10
            timeoutSeconds: 10
          resources:
            {{- toYaml .resources | nindent 12 }}
          securityContext:
            {{- toYaml .securityContext | nindent 12 }}
          volumeMounts:
            {{- include "pratique.mounts" $component | nindent 12 }}
      volumes:
        {{- include "pratique.volumes" $component | nindent 8 }}
{{- end }}
{{- end -}}
