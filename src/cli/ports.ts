import { createServer } from 'node:net';

const tryPort = (host: string, port: number): Promise<number | undefined> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : undefined));
    });
  });

/** The wanted port when it is free, else any free one. */
export const freePort = async (host: string, wanted: number): Promise<number> => {
  const port = (await tryPort(host, wanted)) ?? (await tryPort(host, 0));
  if (port === undefined) throw new Error(`listening on ${host}: no port is free`);
  return port;
};
