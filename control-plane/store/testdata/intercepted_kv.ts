import type { Kv, KvAtomic } from "../kv.ts";

/** Outcome of an atomic operation. */
export type CommitResult = Awaited<ReturnType<KvAtomic["commit"]>>;

/** A database in which a test stands between the store and each commit and read of a key. */
export interface InterceptedKv extends Kv {
  /** Called instead of each commit that touches the head. */
  onHeadCommit: (commit: () => Promise<CommitResult>) => Promise<CommitResult>;
  /** Called instead of each other commit: of chunks, and of compaction's removals. */
  onOtherCommit: (commit: () => Promise<CommitResult>) => Promise<CommitResult>;
  /** Called before each read of a key. */
  onGet: () => Promise<void>;
}

/** Lets everything through until a test says otherwise. */
export function interceptedKv(kv: Kv): InterceptedKv {
  const intercepted: InterceptedKv = {
    onHeadCommit: (commit) => commit(),
    onOtherCommit: (commit) => commit(),
    onGet: () => Promise.resolve(),
    async get(key) {
      await intercepted.onGet();
      return await kv.get(key);
    },
    list: (range, options) => kv.list(range, options),
    atomic: () => interceptedAtomic(kv.atomic(), intercepted),
    watch: (keys) => kv.watch(keys),
    close: () => kv.close(),
  };
  return intercepted;
}

function interceptedAtomic(operation: KvAtomic, intercepted: InterceptedKv): KvAtomic {
  let isOnHead = false;
  const wrapped: KvAtomic = {
    check(condition) {
      isOnHead ||= condition.key[0] === "head";
      operation.check(condition);
      return wrapped;
    },
    set(key, value) {
      operation.set(key, value);
      return wrapped;
    },
    delete(key) {
      operation.delete(key);
      return wrapped;
    },
    commit: () => (isOnHead ? intercepted.onHeadCommit : intercepted.onOtherCommit)(() => operation.commit()),
  };
  return wrapped;
}
