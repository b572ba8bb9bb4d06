import assert from "node:assert/strict";
import { describe, it } from "@std/testing/bdd";
import { compact, type HistoryLimits } from "./mod.ts";
import { type CacheUnderTest, startCache } from "./testdata/cache.ts";

const LIMITS: HistoryLimits = {
  ample: { changes: 2, bytes: 1_000_000 },
  keep: 300_000,
  most: { changes: 5, bytes: 1_000_000 },
};

async function writes(site: CacheUnderTest, count: number): Promise<void> {
  for (let i = 0; i < count; i++) await site.put("a/1");
}

describe("the history of a cache", () => {
  it("stays for five minutes, and longer as long as it is short", async () => {
    await using site = await startCache();
    await writes(site, 3);
    await site.clock.advance(300_000);
    await writes(site, 1);
    await compact(site.cache, { ...site, limits: LIMITS });
    assert.equal(site.cache.floor, 0);
    await site.clock.advance(1);
    await compact(site.cache, { ...site, limits: LIMITS });
    assert.equal(site.cache.floor, 2);
    assert.equal(site.store.floor, 2);
    assert.equal(site.cache.history.size, 2);
    await site.clock.advance(86_400_000);
    await compact(site.cache, { ...site, limits: LIMITS });
    assert.equal(site.cache.floor, 2);
  });

  it("is cut earlier where much happens, by changes or by bytes", async () => {
    await using site = await startCache();
    await writes(site, 9);
    await compact(site.cache, { ...site, limits: LIMITS });
    assert.equal(site.cache.floor, 4);
    const bytes = site.cache.history.bytes;
    await compact(site.cache, { ...site, limits: { ...LIMITS, most: { changes: 5, bytes: bytes / 2 } } });
    assert.equal(site.cache.floor, 7);
    assert(site.cache.history.bytes <= bytes / 2);
  });
});
