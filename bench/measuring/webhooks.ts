import { webhookToken } from './programs.ts';
import type { StubGitLab } from './stub-gitlab.ts';
import type { StubSlack } from './stub-slack.ts';

/** Tells the gateway, as GitLab does, that a pipeline has changed. */
const deliver = async (gatewayUrl: string, project: string, id: number): Promise<void> => {
  const response = await fetch(`${gatewayUrl}/gitlab/webhook`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-gitlab-token': webhookToken },
    body: JSON.stringify({
      object_kind: 'pipeline',
      object_attributes: { id, status: 'success' },
      project: { path_with_namespace: project },
    }),
  });
  if (response.status !== 204) throw new Error(`the webhook was answered ${response.status}`);
};

/** Ends a pipeline, delivers the webhook, and waits until chat shows the outcome; milliseconds from the webhook on, Infinity when it took over 10 s. */
export const webhookToReply = async (
  gatewayUrl: string,
  gitlab: StubGitLab,
  slack: StubSlack,
  { project, id }: { readonly project: string; readonly id: number },
): Promise<number> => {
  const told = new Promise<boolean>((resolve) => {
    const timer = setTimeout(() => resolve(false), 10_000);
    slack.hear = (method, form) => {
      const blocks = form.get('blocks') ?? '';
      if (method !== 'chat.update' || !blocks.includes(`/pipelines/${id}`) || !blocks.includes('moved'))
        return;
      clearTimeout(timer);
      resolve(true);
    };
  });
  gitlab.set(project, id, 'success');
  const began = performance.now();
  await deliver(gatewayUrl, project, id);
  return (await told) ? performance.now() - began : Number.POSITIVE_INFINITY;
};
