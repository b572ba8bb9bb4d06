/** Group of the provider's side. */
export const PROVIDER_GROUP = "servicelet.dev";
/** Group and version of the provider's side. */
export const PROVIDER_VERSION = "servicelet.dev/v1alpha1";
/** Group of the built-in capabilities. */
export const RUNTIMES_GROUP = "runtimes.servicelet.dev";
/** Group and version of the built-in capabilities. */
export const RUNTIMES_VERSION = "runtimes.servicelet.dev/v1alpha1";
/** Namespace of what servicelets and the control plane keep for themselves. */
export const SYSTEM_NAMESPACE = "servicelet-system";
/** Namespace whose uid is the identity of the cluster, as Kubernetes clients take it. */
export const IDENTITY_NAMESPACE = "kube-system";
/** Keeps a document until the servicelet has removed what runs for it. */
export const TEARDOWN_FINALIZER = "servicelet.dev/teardown";
/** Seconds for which a servicelet's lease holds. */
export const LEASE_SECONDS = 40;
/** Seconds between two renewals of a servicelet's lease. */
export const LEASE_RENEWAL_SECONDS = 10;
/** Type of the Secrets that hold the digests of servicelets' tokens. */
export const TOKEN_SECRET_TYPE = "servicelet.dev/token";
