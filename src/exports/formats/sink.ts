/** Where bytes go, one chunk after the other. */
export interface ByteSink {
  write(bytes: Uint8Array): Promise<void>;
}
