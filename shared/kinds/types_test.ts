import assert from "node:assert/strict";
import { describe, it } from "@std/testing/bdd";
import type { z } from "zod";
import type { ProcessStatus, processStatus } from "./capability.ts";
import type { JavaApplicationSpec, javaApplicationSpec } from "./java_application.ts";
import type { ProcessApplicationSpec, processApplicationSpec } from "./process_application.ts";
import type {
  ServiceRuntimeSpec,
  serviceRuntimeSpec,
  ServiceRuntimeStatus,
  serviceRuntimeStatus,
} from "./service_runtime.ts";

/** A type as documents are: a field that is absent is absent, and never undefined as zod has it. */
type Written<T> = T extends (infer Item)[] ? Written<Item>[]
  : T extends object ? { [Field in keyof T]: Written<Exclude<T[Field], undefined>> }
  : T;

/** The same with every field: an optional field that only one side knows would go unseen. */
type Complete<T> = T extends (infer Item)[] ? Complete<Item>[]
  : T extends object ? { [Field in keyof T]-?: Complete<Exclude<T[Field], undefined>> }
  : T;

type Assignable<A, B> = [A] extends [B] ? [B] extends [A] ? true : false : false;

/** True where a value of either type is one of the other, also when all its fields are there. */
type Same<A, B> = Assignable<Written<A>, Written<B>> extends true ? Assignable<Complete<A>, Complete<B>>
  : false;

/** What the compiler must find true for this file to compile. */
const SAME: {
  ProcessStatus: Same<ProcessStatus, z.infer<typeof processStatus>>;
  ProcessApplicationSpec: Same<ProcessApplicationSpec, z.infer<typeof processApplicationSpec>>;
  JavaApplicationSpec: Same<JavaApplicationSpec, z.infer<typeof javaApplicationSpec>>;
  ServiceRuntimeSpec: Same<ServiceRuntimeSpec, z.infer<typeof serviceRuntimeSpec>>;
  ServiceRuntimeStatus: Same<ServiceRuntimeStatus, z.infer<typeof serviceRuntimeStatus>>;
  lackOfAField: Same<{ a?: string }, { a?: string; b?: number }>;
  fieldThatIsRequired: Same<{ a?: string }, { a: string }>;
  anotherType: Same<{ a: { b?: string }[] }, { a: { b?: "x" }[] }>;
} = {
  ProcessStatus: true,
  ProcessApplicationSpec: true,
  JavaApplicationSpec: true,
  ServiceRuntimeSpec: true,
  ServiceRuntimeStatus: true,
  lackOfAField: false,
  fieldThatIsRequired: false,
  anotherType: false,
};

describe("the types of our kinds", () => {
  it("are those of the schemas: the compiler has checked it", () => {
    const { lackOfAField, fieldThatIsRequired, anotherType, ...kinds } = SAME;
    assert.deepEqual(new Set(Object.values(kinds)), new Set([true]));
    assert.deepEqual([lackOfAField, fieldThatIsRequired, anotherType], [false, false, false]);
  });
});
