/** A GitLab that knows one pipeline and answers every question with it, as a process of its own. */
import { createServer } from 'node:http';

const body = JSON.stringify({
  id: 46,
  iid: 11,
  project_id: 1,
  name: 'chatops 01JD9Q8R4T',
  status: 'success',
  ref: 'main',
  sha: 'a91957a858320c0e17f3a0eca7cfacbff50ea29a',
  web_url: 'http://127.0.0.1/ops/ansible/-/pipelines/46',
  before_sha: 'a91957a858320c0e17f3a0eca7cfacbff50ea29a',
  tag: false,
  user: { name: 'Gateway', username: 'gateway', id: 9, state: 'active' },
  created_at: '2025-08-11T11:28:34.085Z',
  updated_at: '2025-08-11T11:32:35.169Z',
  duration: 123.65,
  queued_duration: 0.01,
  detailed_status: { icon: 'status_success', text: 'passed', label: 'passed', group: 'success' },
});

if (process.env.PORT !== undefined) {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body);
  });
  process.once('SIGTERM', () => process.exit());
  server.listen(Number(process.env.PORT), '127.0.0.1');
}
