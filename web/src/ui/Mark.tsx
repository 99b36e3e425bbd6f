// The labels' second cue: twelve marks beside twelve hues, 144 pairs before one repeats.

const shapes = [
  <rect x="1" y="1" width="8" height="8" rx="1" />,
  <circle cx="5" cy="5" r="4.3" />,
  <path d="M5 .6 9.6 9H.4Z" />,
  <path d="M5 0 10 5 5 10 0 5Z" />,
  <path d="M2.7.8h4.6L9.8 5 7.3 9.2H2.7L.2 5Z" />,
  <path d="M3.5.5h3v3h3v3h-3v3h-3v-3h-3v-3h3Z" />,
  <path d="M5 .3 9.7 3.8 7.9 9.4H2.1L.3 3.8Z" />,
  <rect x="3" y="0" width="4" height="10" rx="1" />,
  <path fillRule="evenodd" d="M5 .5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9Zm0 2.6a1.9 1.9 0 1 0 0 3.8 1.9 1.9 0 0 0 0-3.8Z" />,
  <><path d="M5 .5a4.5 4.5 0 0 1 0 9Z" /><path d="M5 .5a4.5 4.5 0 0 0 0 9" fill="none" stroke="currentColor" /></>,
  <path d="M0 1h4l5 4-5 4H0l4.5-4Z" />,
  <path d="M5 0l1.5 3.3L10 3.8 7.4 6.2 8.1 10 5 8 1.9 10l.7-3.8L0 3.8l3.5-.5Z" />,
]

export const MARK_NAMES = ['square', 'circle', 'triangle', 'diamond', 'hexagon', 'cross', 'pentagon', 'bar', 'ring', 'half', 'chevron', 'star'] as const

/** The hue (0 to 11) of the label at this place in its field; the same hue comes back every twelve. */
export function hueOf(index: number): number {
  return index % 12
}

/** The mark (0 to 11): from the 13th label on, marks shift against hues, so that no pair repeats before the 145th. */
export function markOf(index: number): number {
  return (index + Math.floor(index / 12)) % 12
}

/** The CSS variable that holds the hue, which follows the theme. */
export function hueVar(index: number): string {
  return `var(--l${hueOf(index) + 1})`
}

/** The mark of a label in its hue. */
export function Mark({ index, size = 10, className = '' }: { index: number; size?: number; className?: string }) {
  return (
    <svg
      className={`m ${className}`}
      viewBox="0 0 10 10"
      width={size}
      height={size}
      fill="currentColor"
      style={{ color: hueVar(index) }}
      aria-hidden="true"
      focusable="false"
    >
      {shapes[markOf(index)]}
    </svg>
  )
}
