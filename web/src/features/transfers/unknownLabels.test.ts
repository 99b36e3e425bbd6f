import { expect, test } from 'vitest'
import type { ImportPreview, Problem } from '../../api'
import { unknownLabels } from './unknownLabels'

const SCHEMA = {
  streams: { text: { kind: 'text' } },
  fields: { topic: { kind: 'choice', options: { cards: {}, loans: {} } }, names: { kind: 'span', labels: { person: {} } }, tone: { kind: 'choice', options: { calm: {} } } },
}
const OPTION = 'Choose an option of this field, or add it to the schema.'

function preview(...problems: Problem[]): ImportPreview {
  return { format: 'csv', formats: [], files: [], columns: [], mapping: { fields: { topic: 'Thema' } }, rows: [], losses: [], rejects: [{ problems }], fields_matched: [] } as unknown as ImportPreview
}

test('an option is found by the column that holds it', () => {
  expect(unknownLabels(preview({ path: 'Thema', got: '"crypto"', expected: 'one of …', do: OPTION }), SCHEMA)).toEqual([{ field: 'topic', label: 'crypto' }])
})

test('a label is found by the field that the remedy names', () => {
  const problem = { path: 'label', got: '"planet"', expected: 'one of person', do: 'Add the label to `names`, or rename it in the file.' }

  expect(unknownLabels(preview(problem, problem), SCHEMA)).toEqual([{ field: 'names', label: 'planet' }])
})

test('where the file says no field, the labels that may stand there tell it', () => {
  expect(unknownLabels(preview({ path: '', got: '"tense"', expected: 'one of calm', do: OPTION }), SCHEMA)).toEqual([{ field: 'tone', label: 'tense' }])
})

test('what no label would mend, and what could be of several fields, is left out', () => {
  const other = { path: 'text', got: 'null', expected: 'a text', do: 'Fill the cell, or make the stream optional.' }
  const attribute = { path: '', got: '"x"', expected: 'one of a, b', do: OPTION }

  expect(unknownLabels(preview(other, attribute), SCHEMA)).toEqual([])
})
