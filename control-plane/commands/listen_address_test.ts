import assert from "node:assert/strict";
import { describe, it } from "@std/testing/bdd";
import { parseListenAddress, serverNames, serverUrl } from "./listen_address.ts";

describe("an address to listen on", () => {
  it("is a host and a port", () => {
    assert.deepEqual(parseListenAddress("127.0.0.1:0", "--listen"), { hostname: "127.0.0.1", port: 0 });
    assert.deepEqual(parseListenAddress("[::1]:8443", "--listen"), { hostname: "::1", port: 8443 });
  });
  for (const text of ["8443", ":8443", "127.0.0.1", "127.0.0.1:65536", "::1:8443", "a b:1", "https://x:1"]) {
    it(`is refused as ${JSON.stringify(text)}`, () => {
      assert.throws(
        () => parseListenAddress(text, "--listen"),
        /^InvalidField: --listen must be HOST:PORT such as/,
      );
    });
  }
  it("gives the names of the certificate and the URL of the kubeconfig", () => {
    const everywhere = { hostname: "0.0.0.0", port: 8443 };
    assert.deepEqual(serverNames(everywhere, ["plane.example.org"]), [
      "plane.example.org",
      "localhost",
      "127.0.0.1",
      "::1",
    ]);
    assert.equal(serverUrl(everywhere, 8443, ["plane.example.org"]), "https://plane.example.org:8443");
    assert.equal(serverUrl(everywhere, 8443, []), "https://127.0.0.1:8443");
    assert.equal(
      serverUrl({ hostname: "::1", port: 0 }, 41234, ["plane.example.org"]),
      "https://[::1]:41234",
    );
  });
});
