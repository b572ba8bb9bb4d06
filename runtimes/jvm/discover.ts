import type { Files } from "../ports.ts";

/** A Java installation. */
export interface Jdk {
  /** Absolute, without links. */
  readonly home: string;
  /** As its `release` file says, such as 17.0.15. */
  readonly version: string;
  /** Feature version: 8, 11, 17, 21, 25. */
  readonly feature: number;
  /** True where it can run a source file: that needs the compiler's module. */
  readonly compiles: boolean;
}

/** Where to look. */
export interface DiscoverOptions {
  /** The servicelet's own environment: JAVA_HOME and PATH. */
  readonly environment: Readonly<Record<string, string>>;
  /** Where to look. */
  readonly files: Files;
  /** Directories that hold installations side by side. */
  readonly parents?: readonly string[];
}

/** Where packages and installers put Java on Linux. */
const PARENTS = ["/usr/lib/jvm", "/usr/java", "/opt/java", "/usr/local/lib/jvm"];

/** Java installations of this machine, lowest version first. Reads their `release` files and runs nothing. */
export async function discoverJdks(
  { environment, files, parents = PARENTS }: DiscoverOptions,
): Promise<Jdk[]> {
  const candidates = [
    environment["JAVA_HOME"] || undefined,
    ...(await Promise.all(
      parents.map(async (parent) => (await files.list(parent)).map((name) => `${parent}/${name}`)),
    ))
      .flat(),
    ...await Promise.all((environment["PATH"] ?? "").split(":").filter(Boolean).map(homeOfJavaIn)),
  ];
  const homes = new Set<string>();
  for (const candidate of candidates) {
    const home = candidate === undefined ? undefined : await files.realPath(candidate);
    if (home !== undefined) homes.add(home);
  }
  const jdks = (await Promise.all([...homes].map((home) => inspect(home, files)))).filter((jdk) =>
    jdk !== undefined
  );
  return jdks.sort((a, b) => a.feature - b.feature || a.home.localeCompare(b.home));

  async function homeOfJavaIn(directory: string): Promise<string | undefined> {
    return (await files.realPath(`${directory}/java`))?.replace(/(\/jre)?\/bin\/java$/, "");
  }
}

async function inspect(home: string, files: Files): Promise<Jdk | undefined> {
  const release = await files.readText(`${home}/release`);
  const version = release && /^JAVA_VERSION="([^"]+)"/m.exec(release)?.[1];
  const java = version ? await files.facts(`${home}/bin/java`) : undefined;
  if (!release || !version || !java?.isFile) return undefined;
  const modules = /^MODULES="([^"]*)"/m.exec(release)?.[1] ?? "";
  return {
    home,
    version,
    feature: featureOf(version),
    compiles: modules.split(" ").includes("jdk.compiler"),
  };
}

/** 8 for `1.8.0_402`, 17 for `17.0.15`. */
function featureOf(version: string): number {
  return Number.parseInt(version.replace(/^1\./, ""));
}
