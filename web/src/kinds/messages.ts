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
})
