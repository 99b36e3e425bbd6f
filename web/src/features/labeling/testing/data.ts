// Example projects for trying the screen without a server.

import type { Drawn } from '../../../engine/kind'
import type { Annotation, TaskItem } from '../../../engine/types'
import { type Mask, pixels } from '../../../kinds/masks'
import { READY } from '../../../kinds/skeleton'
import { stroked } from '../../../kinds/stroking'

const LABELS = ['car', 'bus', 'person', 'rider', 'bicycle', 'light', 'sign', 'crosswalk', 'truck', 'tram', 'animal', 'tree', 'bin', 'bench', 'kiosk']

export const STREET = {
  karat_schema: 1,
  streams: { photo: { kind: 'image', optional: false, title: 'Photo' } },
  fields: {
    weather: { kind: 'choice', title: 'Weather', many: false, required: true, options: { clear: {}, rain: {}, fog: {}, snow: {} }, multiple: false },
    light: { kind: 'choice', title: 'Light', many: false, required: false, options: { day: {}, dusk: {}, night: {} }, multiple: false },
    objects: {
      kind: 'box',
      title: 'Objects',
      on: 'photo',
      many: true,
      required: false,
      labels: Object.fromEntries(
        LABELS.map((key) => [
          key,
          key === 'car'
            ? {
                title: 'car',
                definition: 'Four-wheeled, up to 9 seats. Fit the box to the visible body, mirrors out.',
                examples: [
                  { text: 'Tight to the body', good: true },
                  { text: 'Not the shadow', good: false },
                ],
                attributes: {
                  occluded: { kind: 'choice', title: 'Occluded', options: { none: {}, part: {}, heavy: {} }, default: 'none' },
                  state: { kind: 'choice', title: 'State', options: { parked: {}, moving: {} } },
                  facing: { kind: 'choice', title: 'Facing', options: { away: {}, toward: {}, side: {} } },
                },
              }
            : { title: key, attributes: { occluded: { kind: 'choice', title: 'Occluded', options: { none: {}, part: {}, heavy: {} }, default: 'none' } } },
        ]),
      ),
    },
  },
  layout: ['photo', ['weather', 'light', 'objects']],
}

const BOXES: readonly (readonly [string, number, number, number, number, string?])[] = [
  ['car', 390, 426, 136, 116], ['car', 204, 450, 132, 108, 'part'], ['car', 646, 430, 154, 132], ['bus', 616, 316, 108, 128, 'part'],
  ['person', 123, 444, 54, 169], ['person', 938, 436, 49, 155], ['person', 993, 462, 42, 133], ['rider', 454, 496, 64, 124],
  ['bicycle', 422, 564, 116, 78], ['light', 899, 221, 26, 58], ['light', 225, 253, 26, 58], ['sign', 1038, 288, 60, 60], ['crosswalk', 8, 630, 1104, 90],
]

function box(id: string, label: string, left: number, top: number, width: number, height: number, occluded = 'none'): Annotation {
  return { id, field: 'objects', kind: 'box', version: 1, on: { stream: 'photo' }, label, value: { left, top, right: left + width, bottom: top + height }, attributes: { occluded } }
}

export const STREET_BOXES: readonly Annotation[] = BOXES.map(([label, l, t, w, h, o], i) => box(`box-${i}`, label, l, t, w, h, o))

/** So many boxes over a picture, the same every time. */
export function manyBoxes(count: number, width: number, height: number): Annotation[] {
  const next = randoms(7)
  return Array.from({ length: count }, (_, i) => {
    const [w, h] = [12 + next() * 70, 12 + next() * 70]
    return box(`box-${i}`, LABELS[Math.floor(next() * LABELS.length)] ?? 'car', Math.floor(next() * (width - w)), Math.floor(next() * (height - h)), Math.floor(w), Math.floor(h))
  })
}

/** The same street, drawn with polygons. */
export const PLOTS = { ...STREET, fields: { ...STREET.fields, objects: { ...STREET.fields.objects, kind: 'polygon' } } }

/** So many polygons of so many corners over a picture, every tenth with a hole, the same every time. */
export function manyPolygons(count: number, corners: number, width: number, height: number): Annotation[] {
  const next = randoms(11)
  return Array.from({ length: count }, (_, i): Annotation => {
    const radius = 8 + next() * 36
    const [x, y] = [radius + next() * (width - 2 * radius), radius + next() * (height - 2 * radius)]
    const outer = ring(x, y, corners, () => radius * (0.75 + next() * 0.25))
    const holes = i % 10 === 0 ? [ring(x, y, 8, () => radius * 0.4)] : []
    return { id: `polygon-${i}`, field: 'objects', kind: 'polygon', version: 1, on: { stream: 'photo' }, label: LABELS[Math.floor(next() * LABELS.length)] ?? 'car', value: holes.length > 0 ? { outer: [outer], holes } : { outer: [outer] } }
  })
}

/** The same street, with people by their joints. */
export const PEOPLE = { ...STREET, fields: { ...STREET.fields, objects: { ...STREET.fields.objects, kind: 'keypoints', ...templateOf('person') } } }

function templateOf(name: string): object {
  const ready = READY[name]
  return ready ? { points: ready.points, edges: ready.edges, pairs: ready.pairs } : {}
}

/** So many people of 17 points over a picture, one point in six occluded and one in ten not there, the same every time. */
export function manyPeople(count: number, width: number, height: number): Annotation[] {
  const next = randoms(13)
  const person = READY['person']
  return Array.from({ length: count }, (_, i): Annotation => {
    const high = 24 + next() * 96
    const [left, top] = [next() * (width - high / 2), next() * (height - high)]
    const value = (person?.points ?? []).map((name) => {
      const [x, y] = person?.places[name] ?? [0, 0]
      const tenth = (at: number): number => Math.round(at * 10) / 10
      const seen = next()
      return seen < 0.1 ? [0, 0, 0] : [tenth(left + (x * high) / 2 + next() * 2), tenth(top + y * high + next() * 2), seen < 0.27 ? 1 : 2]
    })
    return { id: `person-${i}`, field: 'objects', kind: 'keypoints', version: 1, on: { stream: 'photo' }, label: LABELS[Math.floor(next() * LABELS.length)] ?? 'person', value }
  })
}

/** The same street, painted. */
export const PAINTED = { ...STREET, fields: { ...STREET.fields, objects: { ...STREET.fields.objects, kind: 'mask' } } }

/** So many masks over a picture, each painted by turns of a brush, the same every time. */
export function manyMasks(count: number, width: number, height: number): Annotation[] {
  const next = randoms(13)
  return Array.from({ length: count }, (_, i): Annotation[] => {
    const radius = height * (0.04 + next() * 0.1)
    const [x, y] = [radius + next() * (width - 2 * radius), radius + next() * (height - 2 * radius)]
    const way = ring(x, y, 120, () => radius * (0.3 + next() * 0.6)).map(([a, b]) => ({ x: a, y: b }))
    const value = covered({ type: 'way', way, radius: radius / 8 }, width, height)
    return value ? [{ id: `mask-${i}`, field: 'objects', kind: 'mask', version: 1, on: { stream: 'photo' }, label: LABELS[Math.floor(next() * LABELS.length)] ?? 'car', value }] : []
  }).flat()
}

/** One mask over most of a picture as a wand leaves it: a frayed edge, and in each column so many holes of a few pixels. */
export function raggedMask(holes: number, width: number, height: number): Annotation[] {
  const next = randoms(17)
  const radius = Math.round(height * 0.46)
  const size = { width: 2 * radius, height: 2 * radius }
  const runs: number[] = [0]
  for (let x = 0; x < size.width; x += 1) {
    const half = Math.max(1, Math.floor(Math.sqrt(radius ** 2 - (x + 0.5 - radius) ** 2) - next() * 12))
    const step = (2 * half) / (holes + 1)
    append(runs, false, radius - half)
    for (let hole = 0, at = 0; at < 2 * half; hole += 1) {
      const end = hole < holes && step > 4 ? Math.floor((hole + 0.5) * step + next() * 2) : 2 * half
      append(runs, true, end - at)
      const gap = end < 2 * half ? 1 + Math.floor(next() * 2) : 0
      append(runs, false, gap)
      at = end + gap
    }
    append(runs, false, size.height - radius - half)
  }
  const value = covered({ type: 'runs', size, from: { x: Math.round((width - size.width) / 2), y: Math.round((height - size.height) / 2) }, runs }, width, height)
  return value ? [{ id: 'mask-0', field: 'objects', kind: 'mask', version: 1, on: { stream: 'photo' }, label: 'car', value }] : []
}

function covered(drawn: Drawn<Mask>, width: number, height: number): Mask | null {
  const after = stroked({ drawn, erases: false, target: null, others: [], firm: [], size: { width, height } }, pixels)?.target
  return after && after !== 'same' ? after.mask : null
}

/** Makes the last of runs that are off and on in turn longer, or begins another. */
function append(runs: number[], isOn: boolean, length: number): void {
  if (length === 0) return
  if ((runs.length % 2 === 0) === isOn) runs[runs.length - 1] = (runs.at(-1) ?? 0) + length
  else runs.push(length)
}

function ring(x: number, y: number, corners: number, radius: () => number): [number, number][] {
  return Array.from({ length: corners }, (_, i) => {
    const [angle, r] = [(2 * Math.PI * i) / corners, radius()]
    return [Math.round((x + r * Math.cos(angle)) * 10) / 10, Math.round((y + r * Math.sin(angle)) * 10) / 10]
  })
}

export function streetItem(id: string, url: string, width = 1124, height = 760): TaskItem {
  return { id, key: id, revision: 1, streams: { photo: { kind: 'image', url, facts: { width, height } } }, metadata: { site: 'B' } }
}

export const LETTERS = {
  karat_schema: 1,
  streams: { letter: { kind: 'text', optional: false, title: 'Letter' } },
  fields: {
    outcome: { kind: 'choice', title: 'Outcome', many: false, required: true, options: { improved: { title: 'Improved' }, unchanged: { title: 'Unchanged' }, worse: { title: 'Worse' }, unknown: { title: 'Cannot tell' } }, multiple: false },
    topics: { kind: 'choice', title: 'Topics', many: false, required: false, multiple: true, options: taxonomy() },
    spans: {
      kind: 'span',
      title: 'Spans',
      on: 'letter',
      many: true,
      required: false,
      labels: {
        drug: { title: 'Drug', color: 0, definition: 'Mark the name alone. Strength, form and times go to Dose.', examples: [{ text: 'torasemide', good: true }, { text: 'torasemide 10 mg', good: false }], attributes: { status: { kind: 'choice', title: 'Status', options: { given: {}, stopped: {} } } } },
        dose: { title: 'Dose', color: 7 },
        condition: { title: 'Condition', color: 1 },
        finding: { title: 'Finding', color: 3 },
        site: { title: 'Site', color: 2 },
        time: { title: 'Time', color: 11 },
      },
    },
    summary: { kind: 'text', title: 'Summary', many: false, required: false, multiline: true, max_length: 400 },
  },
  layout: ['letter', ['outcome', 'topics', 'spans', 'summary']],
}

/** The same letters, with what the marked things have to do with one another. */
export const RELATED = {
  ...LETTERS,
  fields: {
    ...LETTERS.fields,
    relations: {
      kind: 'relation',
      title: 'Relations',
      many: true,
      required: false,
      directed: true,
      from: {},
      to: {},
      ends: { given_for: { from: { spans: ['drug'] }, to: { spans: ['finding', 'condition'] } }, dose_of: { from: { spans: ['dose'] }, to: { spans: ['drug'] } } },
      labels: { given_for: { title: 'given for' }, dose_of: { title: 'dose of' }, brought_on: { title: 'brought on' } },
    },
  },
  layout: ['letter', ['outcome', 'topics', 'spans', 'relations', 'summary']],
}

/** A few relations between the spans of the letter, on one line and over several. */
export const LETTER_RELATIONS: readonly Annotation[] = ([['dose_of', 5, 4], ['brought_on', 12, 10], ['given_for', 15, 9], ['dose_of', 16, 15], ['dose_of', 18, 17], ['given_for', 17, 12]] as const).map(([label, from, to], i) => ({
  id: `relation-${i}`, field: 'relations', kind: 'relation', version: 1, label, value: { from: `span-${from}`, to: `span-${to}` },
}))

/** The street with relations between its things. */
export const RELATED_STREET = {
  ...STREET,
  fields: { ...STREET.fields, relations: { kind: 'relation', title: 'Relations', many: true, labels: { rides: { title: 'rides' }, beside: { title: 'beside' } }, ends: { rides: { from: { objects: ['rider'] }, to: { objects: ['bicycle'] } } } } },
  layout: ['photo', ['weather', 'light', 'objects', 'relations']],
}

export const STREET_RELATIONS: readonly Annotation[] = ([['rides', 7, 8], ['beside', 0, 1], ['beside', 4, 0]] as const).map(([label, from, to], i) => ({
  id: `relation-${i}`, field: 'relations', kind: 'relation', version: 1, label, value: { from: `box-${from}`, to: `box-${to}` },
}))

function taxonomy(): Record<string, unknown> {
  const parts = ['Heart', 'Lung', 'Kidney', 'Skin', 'Bone', 'Nerve', 'Blood', 'Liver', 'Eye', 'Ear']
  const troubles = ['failure', 'infection', 'injury', 'tumour', 'pain', 'swelling', 'bleeding', 'fracture', 'allergy', 'stone', 'inflammation', 'dysfunction']
  return Object.fromEntries(parts.map((part) => [part.toLowerCase(), { title: part, options: Object.fromEntries(troubles.map((t) => [`${part.toLowerCase()}_${t}`, { title: t }])) }]))
}

export const LETTER = `On the third day the patient, a 58-year-old baker, returned with shortness of breath on climbing one flight of stairs and swelling of both ankles. She had taken torasemide 10 mg daily since her last visit, without the relief that was hoped for.
The heart was enlarged to the left. A soft systolic murmur was heard at the apex. The laboratory reported potassium 3.1 mmol/l, and the physician on duty that evening noted acute worsening of chronic heart failure with low potassium, most likely brought on by a chest infection that had begun a week before.
Because of the low potassium, torasemide was reduced to 5 mg and spironolactone 25 mg was added in the morning. The infection was treated with amoxicillin 1 g three times a day for seven days. A rash on the forearm after the second dose was judged harmless.
At discharge the weight had fallen by four kilograms and the murmur was unchanged 👩🏽‍⚕️. The family doctor is asked to repeat potassium and kidney values within ten days, and to think of a heart scan if the swelling comes back.
قال الطبيب إن المريض يحتاج إلى الراحة لمدة أسبوع كامل.
医者は患者に毎朝体重を測るように言った。`

const MARKS: readonly (readonly [string, string])[] = [
  ['time', 'On the third day'], ['finding', 'shortness of breath'], ['finding', 'swelling'], ['site', 'ankles'], ['drug', 'torasemide'], ['dose', '10 mg daily'],
  ['site', 'heart'], ['finding', 'systolic murmur'], ['site', 'apex'], ['finding', 'potassium 3.1 mmol/l'], ['condition', 'acute worsening of chronic heart failure'],
  ['finding', 'chronic heart failure with low potassium'], ['condition', 'chest infection'], ['time', 'a week before'], ['dose', '5 mg'], ['drug', 'spironolactone'], ['dose', '25 mg'],
  ['drug', 'amoxicillin'], ['dose', '1 g three times a day'], ['time', 'seven days'], ['finding', 'rash'], ['site', 'forearm'], ['time', 'لمدة أسبوع كامل'], ['time', '毎朝'], ['finding', '体重'],
]

export const LETTER_SPANS: readonly Annotation[] = MARKS.map(([label, words], i) => {
  const unit = LETTER.indexOf(words)
  const start = [...LETTER.slice(0, unit)].length
  return { id: `span-${i}`, field: 'spans', kind: 'span', version: 1, on: { stream: 'letter' }, label, value: [[start, start + [...words].length]] }
})

export function letterItem(id: string, text = LETTER): TaskItem {
  return { id, key: id, revision: 1, streams: { letter: { kind: 'text', text, facts: { length: [...text].length } } }, metadata: { language: 'en', site: 'B' } }
}

/** A text of about so many characters, with so many spans on it, the same every time. */
export function longLetter(characters: number, spans: number): { text: string; annotations: Annotation[] } {
  const next = randoms(3)
  const words = LETTER.replace(/\n/g, ' ').split(' ').slice(0, 140)
  const parts: string[] = []
  for (let length = 0, line = 0; length < characters; ) {
    const word = words[Math.floor(next() * words.length)] ?? ''
    line += word.length
    const end = line > 420 ? '\n' : ' '
    if (end === '\n') line = 0
    parts.push(word + end)
    length += word.length + 1
  }
  const text = parts.join('').slice(0, characters)
  const labels = ['drug', 'dose', 'condition', 'finding', 'site', 'time']
  const length = [...text].length
  const annotations = Array.from({ length: spans }, (_, i): Annotation => {
    const start = Math.floor(next() * (length - 60))
    return { id: `span-${i}`, field: 'spans', kind: 'span', version: 1, on: { stream: 'letter' }, label: labels[i % 6] ?? 'drug', value: [[start, start + 4 + Math.floor(next() * 40)]] }
  })
  return { text, annotations }
}

/** A small generator with a seed (mulberry32), so that every run sees the same. */
function randoms(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
