/** What the servicelet says about the machine it is on. */
export interface Machine {
  /** Changes with each boot of the machine. */
  readonly bootId: string;
  /** `amd64` or `arm64`, as Kubernetes calls them. */
  readonly arch: string;
  /** `linux`. */
  readonly os: string;
  /** Cores. */
  readonly cpu: number;
  /** Bytes. */
  readonly memory: number;
  /** Address under which others reach what runs here. */
  readonly address: string;
}
