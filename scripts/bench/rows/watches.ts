import { Connection, type Target } from "../connection.ts";
import { type Figure, memoryOf, millisecondsOf, rest } from "../measure.ts";
import { COLLECTION, widget, withConnections } from "../subject.ts";

const ROUNDS = 5;
const STREAMS_PER_CONNECTION = 100;

/** Time until 1,000 watches over HTTP/2 were all told of one change, and the memory of each. */
export function watchesOverHttp2(target: Target, pid: number): AsyncGenerator<Figure> {
  return broadcast(target, pid, "HTTP/2", 1_000, 20, openHttp2);
}

/** The same for 5,000 watches over HTTP/1.1. */
export function watchesOverHttp1(target: Target, pid: number): AsyncGenerator<Figure> {
  return broadcast(target, pid, "HTTP/1.1", 5_000, 130, openHttp1);
}

/** A thousand watches that each select one of a thousand documents, all of which change. */
export async function* selectiveWatches(target: Target): AsyncGenerator<Figure> {
  yield await selective(target, 1_000);
}

type Open = (
  target: Target,
  count: number,
  path: string,
  onText: (index: number, text: string) => void,
) => Promise<Disposable>;

async function* broadcast(
  target: Target,
  pid: number,
  protocol: string,
  count: number,
  goal: number,
  open: Open,
): AsyncGenerator<Figure> {
  const before = await memoryOf(pid);
  let told = 0;
  let wanted = "";
  let allTold = Promise.withResolvers<void>();
  const stack = new DisposableStack();
  const since = await revision(target);
  stack.use(
    await open(target, count, `${COLLECTION}?watch=true&resourceVersion=${since}`, (_, text) => {
      if (text.includes(wanted) && ++told === count) allTold.resolve();
    }),
  );
  await rest(1_000);
  const after = await memoryOf(pid);

  const samples: number[] = [];
  using writer = await Connection.open(target);
  for (let round = 0; round < ROUNDS; round++) {
    told = 0;
    allTold = Promise.withResolvers();
    const name = `news-${protocol === "HTTP/2" ? 2 : 1}-${round}`;
    wanted = `"name":"${name}"`;
    samples.push(
      await millisecondsOf(async () => {
        await writer.request("POST", COLLECTION, widget(name));
        await allTold.promise;
      }),
    );
  }
  stack.dispose();
  const watches = `${count.toLocaleString("en")} watches over ${protocol}`;
  yield { what: `${watches}: until all are told of one change`, unit: "ms", samples, goal: { value: goal } };
  yield {
    what: "… memory of each",
    unit: "kB",
    samples: [(after.pss - before.pss) * 1024 / count],
    goal: { value: 60 },
  };
}

/** A thousand documents change, by eight writers; each has one watch. */
async function selective(target: Target, count: number): Promise<Figure> {
  await withConnections(target, 8, async (connection, next) => {
    for (let i = next(); i < count; i = next()) {
      await connection.request("POST", COLLECTION, widget(`own-${i}`));
    }
  });
  const since = await revision(target);
  let told = 0;
  let allTold = Promise.withResolvers<void>();
  const clients = Array.from({ length: count / STREAMS_PER_CONNECTION }, () => http2Client(target));
  const aborter = new AbortController();
  await Promise.all(Array.from({ length: count }, async (_, i) => {
    const client = clients[Math.floor(i / STREAMS_PER_CONNECTION)];
    const path = `${COLLECTION}?watch=true&resourceVersion=${since}&labelSelector=id%3Down-${i}`;
    if (client) {
      await openStream(target, client, path, aborter.signal, () => ++told === count && allTold.resolve());
    }
  }));
  const samples: number[] = [];
  for (let round = 0; round < 3; round++) {
    told = 0;
    allTold = Promise.withResolvers();
    samples.push(
      await millisecondsOf(async () => {
        await withConnections(target, 8, async (connection, next) => {
          for (let i = next(); i < count; i = next()) {
            const body = JSON.stringify({ spec: { replicas: round + 10 } });
            await connection.request("PATCH", `${COLLECTION}/own-${i}`, body, "application/merge-patch+json");
          }
        });
        await allTold.promise;
      }),
    );
  }
  aborter.abort();
  for (const client of clients) client.close();
  return {
    what: "1,000 watches of one document each, 1,000 changes: until all are told",
    unit: "ms",
    samples,
    goal: { value: 200 },
  };
}

async function revision(target: Target): Promise<string> {
  using connection = await Connection.open(target);
  const text = new TextDecoder().decode(await connection.request("GET", `${COLLECTION}?limit=1`));
  const found = /"resourceVersion":"(\d+)"/.exec(text)?.[1];
  if (!found) throw new Error("The list carries no resourceVersion");
  return found;
}

const openHttp1: Open = async (target, count, path, onText) => {
  const stack = new DisposableStack();
  const BATCH = 50;
  for (let from = 0; from < count; from += BATCH) {
    await Promise.all(Array.from({ length: Math.min(BATCH, count - from) }, async (_, i) => {
      const connection = stack.use(await Connection.open(target));
      await connection.watch(path, (text) => onText(from + i, text));
    }));
  }
  return stack;
};

const openHttp2: Open = async (target, count, path, onText) => {
  const stack = new DisposableStack();
  const aborter = new AbortController();
  for (let from = 0; from < count; from += STREAMS_PER_CONNECTION) {
    const client = http2Client(target);
    stack.defer(() => client.close());
    await Promise.all(
      Array.from(
        { length: Math.min(STREAMS_PER_CONNECTION, count - from) },
        (_, i) => openStream(target, client, path, aborter.signal, (text) => onText(from + i, text)),
      ),
    );
  }
  stack.defer(() => aborter.abort());
  return stack;
};

function http2Client({ ca }: Target): Deno.HttpClient {
  return Deno.createHttpClient({ caCerts: [ca], http1: false, http2: true });
}

async function openStream(
  { hostname, port, token }: Target,
  client: Deno.HttpClient,
  path: string,
  signal: AbortSignal,
  onText: (text: string) => void,
): Promise<void> {
  const response = await fetch(`https://${hostname}:${port}${path}`, {
    client,
    signal,
    headers: { authorization: `Bearer ${token}` },
  });
  if (!response.ok || !response.body) throw new Error(`A watch answered ${response.status}`);
  const { body } = response;
  (async () => {
    const decoder = new TextDecoder();
    for await (const bytes of body) onText(decoder.decode(bytes));
  })().catch(() => {});
}
