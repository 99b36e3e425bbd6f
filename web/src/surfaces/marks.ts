// The labels' marks as paths, for canvases and for elements made without React.

/** Paths on a 10 x 10 field; the tenth also has a ring around its left half. */
export const MARK_PATHS = [
  'M2 1H8a1 1 0 0 1 1 1V8a1 1 0 0 1-1 1H2a1 1 0 0 1-1-1V2a1 1 0 0 1 1-1Z',
  'M9.3 5A4.3 4.3 0 1 1 .7 5a4.3 4.3 0 0 1 8.6 0Z',
  'M5 .6 9.6 9H.4Z',
  'M5 0 10 5 5 10 0 5Z',
  'M2.7.8h4.6L9.8 5 7.3 9.2H2.7L.2 5Z',
  'M3.5.5h3v3h3v3h-3v3h-3v-3h-3v-3h3Z',
  'M5 .3 9.7 3.8 7.9 9.4H2.1L.3 3.8Z',
  'M4 0h2a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V1a1 1 0 0 1 1-1Z',
  'M5 .5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9Zm0 2.6a1.9 1.9 0 1 0 0 3.8 1.9 1.9 0 0 0 0-3.8Z',
  'M5 .5a4.5 4.5 0 0 1 0 9Z',
  'M0 1h4l5 4-5 4H0l4.5-4Z',
  'M5 0l1.5 3.3L10 3.8 7.4 6.2 8.1 10 5 8 1.9 10l.7-3.8L0 3.8l3.5-.5Z',
] as const
