// Every text people read stands in a catalogue made here, so that a translation replaces one object.

type Texts = { readonly [key: string]: string | ((...given: never[]) => string) | Texts }

const catalogues = new Map<string, Texts>()
const plurals = new Intl.PluralRules('en')

/** Declares a feature's texts and returns them. The name is the catalogue's own, once in the product. */
export function catalogue<T extends Texts>(name: string, texts: T): T {
  catalogues.set(name, texts)
  return texts
}

/** All catalogues, for the tools that translate. */
export function everyCatalogue(): ReadonlyMap<string, Texts> {
  return catalogues
}

/** The form of a noun that goes with a number, without the number. */
export function noun(n: number, one: string, other: string): string {
  return plurals.select(n) === 'one' ? one : other
}

/** Texts of the parts themselves. */
export const m = catalogue('ui', {
  close: 'Close',
  cancel: 'Cancel',
  back: 'Back',
  retry: 'Try again',
  copy: 'Copy',
  copied: 'Copied',
  remove: 'Remove',
  loading: 'Loading',
  more: 'More',
  undo: 'Undo',
  save: 'Save',
  saved: 'Saved',
  needs: (n: string, enough: string) => `n ${n}, needs ${enough}`,
  interval: (low: string, high: string) => `${low}–${high}`,
  n: 'n',
  bands: { low: 'under 0.60, mend the guideline', mid: 'to 0.80, watch', high: 'from 0.80, good' },
  failed: 'This could not be loaded',
  failedPart: 'This part could not be loaded.',
  failedText: 'Nothing was changed. Your work is safe.',
  details: 'For whoever runs this server',
  cause: 'Cause',
  trace: 'Request',
  status: 'Status',
  denied: 'This is not open to you',
  deniedText: 'Your role in this workspace does not include it. An owner or manager can change that.',
  gone: 'There is nothing here',
  goneText: 'It was deleted, or it belongs to a workspace that you are not in.',
  home: 'To the start',
  line: (n: number) => `line ${n}`,
  awaited: 'Still reading. It may take a moment more.',
  showPassword: 'Show password',
  hidePassword: 'Hide password',
  choose: 'choose',
  run: 'do',
  find: 'Find or do',
  nothingFound: 'Nothing found',
  found: (n: number) => `${n} found`,
})
