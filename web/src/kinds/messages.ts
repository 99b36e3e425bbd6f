// Texts of the answers' controls.

import { catalogue, noun } from '../ui/messages'

export const m = catalogue('kinds', {
  write: 'Write here',
  writeWith: (key: string) => `Write here (${key})`,
  expected: (what: string) => `Expected: ${what}`,
  lengthOf: (length: number, most: number) => `${length} of ${most}`,
  chosenOf: (chosen: number, all: number) => `${chosen} chosen of ${all}`,
  add: 'Add',
  change: 'Change',
  choose: 'Choose',
  search: 'Search answers',
  found: (n: number) => `${n} ${noun(n, 'answer', 'answers')}`,
  nothing: 'No answer has this in its name. Try fewer letters.',
  remove: (title: string) => `Remove ${title}`,
  toChoose: 'choose',
  toClose: 'close',
  better: (letter: string, by: number) => (by === 1 ? `${letter} better` : by === 2 ? `${letter} much better` : `${letter} far better`),
  tie: 'Tie',
  bothBad: 'Both bad',
  noneGood: 'None is good',
  bad: 'bad',
  placeNext: (letter: string) => `${letter} comes next`,
  tieLast: 'Tie the last two',
  tieWithAbove: 'Tie with the one above',
  place: (n: number) => `${n}`,
  tiedPlace: (n: number) => `${n} =`,
  unranked: (letter: string) => `Answer ${letter}, no place yet`,
  rankedAs: (letter: string, place: number) => `Answer ${letter}, place ${place}. Up and down move it, Enter takes it out.`,
  bestFirst: 'Best first:',
  next: 'Next:',
})
