// Every text of conversations and of answers that are compared.

import { catalogue, noun } from '../../ui/messages'

const roles: Readonly<Record<string, string>> = { user: 'User', assistant: 'Assistant', system: 'System', developer: 'Developer', tool: 'Tool' }

export const m = catalogue('talk', {
  roles,
  turn: (number: number, who: string) => `Turn ${number}, ${who}`,
  copyTurn: (number: number) => `Copy turn ${number}`,
  message: (number: number, who: string) => `Message ${number}, ${who}`,
  reply: (place: number, count: number) => `reply ${place} of ${count}`,
  placeOf: (place: number, count: number) => `${place} of ${count}`,
  previousReply: 'Previous reply',
  nextReply: 'Next reply',
  calls: 'calls',
  answer: (letter: string) => `Answer ${letter}`,
  copyAnswer: (letter: string) => `Copy answer ${letter}`,
  letters: (n: number) => `${n.toLocaleString()} characters`,
  words: (n: number) => `${n.toLocaleString()} ${noun(n, 'word', 'words')}`,
  blinded: 'Blinded, order drawn at random',
  blindedWhy: 'Where the answers come from is not shown, and everybody sees them in another order. The order is kept with your answer.',
  stepKinds: { message: 'Message', thought: 'Thought', call: 'Call', observation: 'Observation' } as const,
  step: (number: number, what: string) => `Step ${number}, ${what}`,
  copyStep: (number: number) => `Copy step ${number}`,
  fold: (number: number) => `Fold step ${number}`,
  unfold: (number: number) => `Unfold step ${number}`,
  foldAll: 'Fold all',
  unfoldAll: 'Unfold all',
  arguments: 'Arguments',
  result: 'What came back',
  noResult: 'Nothing came back.',
  unreadable: 'This content cannot be read. Skip the item and say so.',
})
