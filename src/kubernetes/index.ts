export { type IssuedCertificate, issueAuthority, issueServerCertificate } from './admission/issue-certificate.js';
export type { SignatureVerifier } from './admission/know-image.js';
export { startWebhook, type Webhook, type WebhookOptions } from './admission/run-webhook.js';
export * from './client/change-object.js';
export type * from './client/client.js';
export { type ClusterChoice, connectToCluster, findCluster } from './client/connect.js';
export type { ClusterConnection, ClusterUser } from './client/connection.js';
export { type ClientOptions, createKubernetesClient } from './client/create-client.js';
export {
  fakeApiServer,
  type FakeApiAnswer,
  type FakeApiRequest,
  type FakeApiServer,
} from './client/fake-api-server.js';
export { createInformer, type Informer, type InformerOptions, keyOf } from './client/informer.js';
export * from './client/kubernetes-error.js';
export * from './client/object.js';
export type * from './client/pod-types.js';
export { resources } from './client/resources.js';
export { type ClusterBill, clusterBill } from './cluster/cluster-bill.js';
export type * from './cluster/cluster-report.js';
export { clusterTables } from './cluster/detailed-tables.js';
export { kindsOf } from './cluster/kinds.js';
export { clusterJson } from './cluster/report-json.js';
export type { ClusterScanOptions } from './cluster/plan-cluster.js';
export { scanCluster } from './cluster/scan-cluster.js';
export { clusterSummary, type SummaryOptions } from './cluster/summary-table.js';
export { type ContainerImage, type Workload, workloadOf } from './cluster/workload.js';
export { type OperatorOptions, runOperator } from './operator/run-operator.js';
export * from './operator/vulnerability-report.js';
