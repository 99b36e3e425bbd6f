// What suggestions say.

export const m = {
  accept: 'Accept the suggestion',
  pass: 'Pass the suggestion over',
  all: 'Accept all suggestions in sight',
  title: 'Suggestion',
  is: (words: string, label: string): string => `${words}: ${label}?`,
  yes: 'Accept',
  no: 'Not this',
  every: 'All in sight',
  missing: (name: string, why: string): string => `The word list “${name}” cannot be read: ${why}`,
} as const
