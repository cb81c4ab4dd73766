// Every value of the Helm chart, once: values.yaml, values.schema.json and the chart's README are made from this.
// The options of the two programs come from the table of options of the command line.
import {
  choice,
  count,
  countOrShare,
  flag,
  group,
  object,
  objects,
  pairs,
  references,
  text,
  texts,
} from './schema.mjs';

const quantity = '^[0-9]+(?:\\.[0-9]+)?(?:[EPTGMk]i?)?$';
const duration = '^(?:[0-9]+(?:\\.[0-9]+)?(?:ms|s|m|h))+$';

/** What both programs have. */
const workload = ({ memory, limit, priorityClass, cacheSize }) => ({
  extraArgs: texts('Further arguments.'),
  extraEnv: objects('Further variables, as in a container; any option may be given so: `PRATIQUE_USERNAME`.'),
  envFrom: objects('Secrets and ConfigMaps whose keys become variables.'),
  extraVolumes: objects('Further volumes of the pod.'),
  extraVolumeMounts: objects('Where the container has them.'),
  serviceAccount: group('', {
    create: flag('Make a service account.', true),
    name: text('Its name; by default that of the deployment.'),
    annotations: pairs('Its annotations, such as the role of a cloud provider that may pull from its registry.'),
  }),
  podLabels: pairs('Further labels of the pods.'),
  podAnnotations: pairs('Further annotations of the pods.'),
  podSecurityContext: object('Of the pod; the default passes the `restricted` Pod Security Standard.', {
    runAsNonRoot: true,
    runAsUser: 65532,
    runAsGroup: 65532,
    fsGroup: 65532,
    seccompProfile: { type: 'RuntimeDefault' },
  }),
  securityContext: object('Of the container.', {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  }),
  resources: object('Requests and limits of the container.', {
    requests: { cpu: '100m', memory },
    limits: { memory: limit },
  }),
  nodeSelector: pairs('Labels of the nodes it runs on.'),
  tolerations: objects('Taints of nodes that it bears.'),
  affinity: object('Affinity of the pods.'),
  topologySpreadConstraints: objects('How the pods are spread; the webhook is spread over nodes by default.'),
  priorityClassName: text('Priority class of the pods.', priorityClass),
  terminationGracePeriodSeconds: count('Seconds to end in.', 30),
  cache: group('Databases and the results per layer.', {
    size: text('Size of the volume; empty for no limit.', cacheSize, { pattern: `^$|${quantity}` }),
    persistence: group('', {
      enabled: flag('Keep it in a PersistentVolumeClaim, so that a new pod needs no download. For one replica.', false),
      existingClaim: text('A claim that exists.'),
      storageClass: text('Storage class; empty for the default one.'),
      accessMode: choice('Access mode.', ['ReadWriteOnce', 'ReadWriteOncePod', 'ReadWriteMany']),
    }),
  }),
  podDisruptionBudget: group('', {
    enabled: flag('Make a PodDisruptionBudget.', priorityClass !== ''),
    maxUnavailable: countOrShare('Pods that may be taken away at the same time.', 1),
  }),
  networkPolicy: group('', {
    enabled: flag('Make a NetworkPolicy: only the port of the program is open.', false),
    from: objects('Peers that may connect, as in `ingress.from`; empty for all.'),
    egress: objects('Rules for what it connects to: API server, registries, DNS; empty for all.'),
  }),
  serviceMonitor: group('', {
    enabled: flag('Make a ServiceMonitor for the Prometheus operator.', false),
    interval: text('How often.', '30s', { pattern: duration }),
    labels: pairs('Its labels, by which a Prometheus finds it.'),
  }),
});

const webhookEntry = (about, failurePolicy, timeoutSeconds) =>
  group(about, {
    enabled: flag('Have this entry.', true),
    failurePolicy: { ...choice('When the webhook does not answer.', ['Fail', 'Ignore']), default: failurePolicy },
    timeoutSeconds: count('How long the API server waits.', timeoutSeconds, { minimum: 1, maximum: 30 }),
  });

/** `options` has the schema of the options of a command: `options('operator', except)`. */
export const chartValues = (options) =>
  group('', {
    nameOverride: text('In place of the chart’s name in the names of objects.'),
    fullnameOverride: text('In place of release and chart in the names of objects.'),
    labels: pairs('Labels of all objects.'),
    image: group('The image that `deploy/Containerfile` makes.', {
      registry: text('Host of the registry; empty when it is part of the repository.'),
      repository: text('Repository.', 'pratique', { minLength: 1 }),
      tag: text('Tag; empty for the version of the chart.'),
      digest: text('`sha256:…`; goes before the tag.', '', { pattern: '^(?:sha256:[0-9a-f]{64})?$' }),
      pullPolicy: choice('When it is pulled.', ['IfNotPresent', 'Always', 'Never']),
    }),
    imagePullSecrets: references('Secrets that this image is pulled with.'),
    namespace: group('', {
      create: flag('Make the namespace: for renderings that are applied without Helm.', false),
    }),
    crds: group('Definitions of custom resources.', {
      install: flag('Make and update them with the release.', true),
      keep: flag('Leave them, and with them all reports, when the release is removed.', true),
    }),
    rbac: group('', {
      create: flag('Make roles and bindings.', true),
      aggregate: flag('Whoever may view a namespace may view its reports of vulnerabilities.', true),
    }),
    proxy: group('For registries and databases.', {
      https: text('`HTTPS_PROXY`.'),
      http: text('`HTTP_PROXY`.'),
      except: text('`NO_PROXY`.'),
    }),
    certificateAuthorities: group('Further authorities that registries are believed by.', {
      configMap: text('ConfigMap that has them.'),
      key: text('Its key.', 'ca.crt', { minLength: 1 }),
    }),
    registryCredentials: group('What the program itself asks registries with.', {
      secret: text('Secret of the type `kubernetes.io/dockerconfigjson`.'),
    }),
    operator: group('Keeps a report of each image that runs.', {
      enabled: flag('Install it.', true),
      nameLabel: text(
        '`app.kubernetes.io/name` of its pods; the one that tools and lessons wait for.',
        'trivy-operator',
        {
          minLength: 1,
          maxLength: 63,
        },
      ),
      replicas: count('Replicas; one works, the others wait for the lease.', 1),
      options: options('operator', { 'leader-elect': true }),
      workers: group('Read images for it, in pods of their own: for large clusters.', {
        replicas: count('Replicas; 0: it reads images itself.', 0),
        resources: object('Requests and limits of the container.', {
          requests: { cpu: '100m', memory: '256Mi' },
          limits: { memory: '1Gi' },
        }),
        serviceAccount: group('', {
          annotations: pairs('Such as the role of a cloud provider that may pull from its registry.'),
        }),
      }),
      pullSecrets: group('By default it may read no Secret; images whose registry refuses are reports that say so.', {
        namespaces: texts('Namespaces in which it may read Secrets, for the pull secrets of pods.'),
        everywhere: flag('It may read the Secrets of all namespaces.', false),
      }),
      service: group('', { enabled: flag('Make a Service for metrics; the ServiceMonitor needs it.', false) }),
      prometheusRule: group('', {
        enabled: flag('Make a PrometheusRule: failing scans, images without a report, an old database.', false),
        labels: pairs('Its labels.'),
      }),
      ...workload({ memory: '256Mi', limit: '1Gi', priorityClass: '', cacheSize: '' }),
    }),
    webhook: group('Judges images when pods are made.', {
      enabled: flag('Install it.', false),
      replicas: count('Replicas.', 2),
      options: options('webhook', {}),
      policy: object('The policy of namespaces that have none: the fields of an ImagePolicy, in a ConfigMap.'),
      excludedNamespaces: texts('Never asked for; the namespace of the release is not, either.', [
        'kube-system',
        'kube-node-lease',
        'kube-public',
      ]),
      enforce: webhookEntry('Namespaces with the label `pratique.dev/enforce=true`.', 'Fail', 10),
      watch: webhookEntry('All others.', 'Ignore', 5),
      pinDigests: webhookEntry('Tags become digests where `pratique.dev/pin-digests=true`.', 'Ignore', 5),
      certificate: group('', {
        from: choice(
          '`self`: the webhook makes its own; `cert-manager`: a Certificate; `secret`: a Secret that exists.',
          ['self', 'cert-manager', 'secret'],
        ),
        issuer: object('`issuerRef` of the Certificate; by default an Issuer is made that signs for itself.'),
        secret: text('Name of the Secret, with `tls.crt` and `tls.key`.'),
        authority: text('PEM of the authority that signed it, when it is a Secret.'),
      }),
      hostNetwork: flag('On the network of the node: where the control plane reaches no pods.', false),
      ...workload({ memory: '256Mi', limit: '2Gi', priorityClass: 'system-cluster-critical', cacheSize: '5Gi' }),
    }),
  });
