import assert from "node:assert/strict";
import { describe, it } from "@std/testing/bdd";
import { decodeRecord, encodeRecord, recordSize, type VersionRecord } from "./version_record.ts";

const record: VersionRecord = {
  key: "acme.example/greeters/default/Grüße",
  previous: 2 ** 52 + 1,
  deleted: false,
  commit: "00112233445566778899aabbccddeeff",
  body: new TextEncoder().encode(`{"kind":"Greeter"}`),
};

describe("a version record", () => {
  it("comes back as it was written", () => {
    for (
      const one of [
        record,
        { ...record, deleted: true, previous: 0 },
        { ...record, body: new Uint8Array() },
        { ...record, body: { id: "0123456789abcdef0123456789abcdef", size: 1_572_864 } },
      ]
    ) {
      const value = encodeRecord(one);
      assert.deepEqual({ ...decodeRecord(value) }, one);
      assert.ok(value.length <= recordSize(one.key, one.body));
    }
  });

  it("is read from the middle of a larger buffer", () => {
    const value = encodeRecord(record);
    const buffer = new Uint8Array(value.length + 20);
    buffer.set(value, 7);
    assert.deepEqual(decodeRecord(buffer.subarray(7, 7 + value.length)), record);
  });

  it("is refused where it is none", () => {
    const later = encodeRecord(record);
    later[0] = 2;
    for (const value of [null, "text", new Uint8Array(3), later]) {
      assert.throws(() => decodeRecord(value), /must be a version record of format 1/);
    }
  });
});
