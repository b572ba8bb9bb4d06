import { z } from "zod";
import type { ObjectMeta } from "../krm/mod.ts";
import { type Artifact, artifact, type ProcessSpec, processSpec, type ProcessStatus } from "./capability.ts";
import type { KindDefinition } from "./definition.ts";
import { processApplication } from "./process_application.ts";
import { RUNTIMES_VERSION } from "./names.ts";

/** Schema of {@link JavaApplicationSpec}. */
export const javaApplicationSpec = processSpec.extend({
  artifact: artifact.extend({
    type: z.enum(["Jar", "Source"]).optional().describe(
      "Jar, or Source for one .java file that is run without compiling it first. Default: by the ending of the address.",
    ),
  }).describe("The program to fetch and start."),
  mainClass: z.string().min(1).optional().describe(
    "Class to start, found in the jar, such as com.example.Main. Default: what the jar's manifest says.",
  ),
  javaVersion: z.int().min(8).optional().describe(
    "Lowest feature version of Java that will do, such as 21. Default: any that the runtime has.",
  ),
  jvmFlags: z.array(z.string().startsWith("-")).optional().describe(
    "Flags for the JVM, such as -Xmx64m, before the program.",
  ),
}).describe("What to run on a JVM, with what around it, and where.");

/** Spec of a {@link JavaApplication}, defaults filled in. */
export interface JavaApplicationSpec extends ProcessSpec {
  /** The program to fetch and start. */
  artifact: JavaArtifact;
  /** Class to start, found in the jar, such as `com.example.Main`. Absent: what the jar's manifest says. */
  mainClass?: string;
  /** Lowest feature version of Java that will do, such as 21. Absent: any. */
  javaVersion?: number;
  /** Flags for the JVM, such as `-Xmx64m`, before the program. */
  jvmFlags?: string[];
}

/** Where to fetch a Java program. */
export interface JavaArtifact extends Artifact {
  /** Source is one .java file that is run without compiling it first. Absent: by the ending of the address. */
  type?: "Jar" | "Source";
}

/** A program on a JVM. */
export interface JavaApplication {
  /** Group and version. */
  apiVersion: typeof RUNTIMES_VERSION;
  /** Kind. */
  kind: "JavaApplication";
  /** Identity and bookkeeping. */
  metadata: ObjectMeta;
  /** What is wanted. */
  spec: JavaApplicationSpec;
  /** What is so, as its servicelet reports it. */
  status?: ProcessStatus;
}

/** The kind JavaApplication. */
export const javaApplication: KindDefinition = {
  ...processApplication,
  kind: "JavaApplication",
  plural: "javaapplications",
  singular: "javaapplication",
  shortNames: ["japp"],
  description: "A Java program that a service runtime runs on a JVM.",
  spec: javaApplicationSpec,
};
