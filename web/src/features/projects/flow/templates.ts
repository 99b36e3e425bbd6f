// Workflows to start from.
import type { Flow, Stage } from './policy'

const accept: Stage = { do: 'resolve', by: 'consensus', method: 'default' }
const judged = (rejected: string, accepted = 'accept'): Record<string, string> => ({ accepted, fixed: accepted, rejected })

export const TEMPLATES: Record<'single' | 'overlap' | 'sampled' | 'two' | 'differ' | 'adaptive' | 'expert', Flow> = {
  single: { start: 'label', stages: { label: { do: 'label', next: [{ to: 'accept' }] }, accept } },
  overlap: { start: 'label', stages: { label: { do: 'label', overlap: 3, next: [{ to: 'accept' }] }, accept } },
  sampled: { start: 'label', stages: { label: { do: 'label', next: [{ to: 'review', when: { answers: { below: 50 } } }, { to: 'review', share: 0.2 }, { to: 'accept' }] }, review: { do: 'review', next: judged('label') }, accept } },
  two: { start: 'label', stages: { label: { do: 'label', next: [{ to: 'review' }] }, review: { do: 'review', next: judged('label', 'second') }, second: { do: 'review', next: judged('label') }, accept } },
  differ: { start: 'label', stages: { label: { do: 'label', overlap: 2, next: [{ to: 'decide', when: { differ: { below: 0.8 } } }, { to: 'accept' }] }, decide: { do: 'adjudicate', next: [{ to: 'accept' }] }, accept } },
  adaptive: { start: 'label', stages: { label: { do: 'label', overlap: 2, until: { sure: 0.95, most: 5 }, next: [{ to: 'decide', when: { risk: { above: 0.05 } } }, { to: 'accept' }] }, decide: { do: 'adjudicate', next: [{ to: 'accept' }] }, accept } },
  expert: { start: 'label', stages: { label: { do: 'label', skip: { after: 2, then: 'expert' }, next: [{ to: 'accept' }] }, expert: { do: 'label', who: { role: 'reviewer' }, next: [{ to: 'accept' }] }, accept } },
}
export type Template = keyof typeof TEMPLATES
