// Layers, their differences, what a fix changed, and how verdicts are put together.

import { describe, expect, test } from 'vitest'
import type { Annotation } from '../../../engine/types'
import { goldOf } from '../http'
import { changesOf } from './changes'
import { goldFrom } from './gold'
import { CONSENSUS, differencesOf, layersOf, openOf, verdictsOf } from './layers'
import type { ReviewTask, ToReview } from './shapes'
import { annotationPairs } from './words'

const box = (id: string, label = 'car', value = [0, 0, 1, 1], attributes = {}): Annotation => ({ id, field: 'objects', kind: 'box', version: 1, label, value, attributes })
const topic = (value: string): Annotation => ({ id: 'topic', field: 'topic', kind: 'choice', version: 1, label: null, value })
const answer = (response: string, annotations: readonly Annotation[], more: Partial<ToReview> = {}): ToReview => ({ response, revision: 1, author: null, schema: 1, annotations, at: '', active_ms: 1, accepted: false, ...more })
const task = (answers: readonly ToReview[], more: Partial<ReviewTask> = {}): ReviewTask => ({ item: 'i', stage: 'review', do: 'review', answers, earlier: [], consensus: null, defects: {}, ...more })

describe('layers', () => {
  test('a blind stage names answers by letters, an open one by their authors', () => {
    const layers = layersOf(task([answer('r1', []), answer('r2', [], { author: { id: 'p', name: 'Ben' } })]), 'Together')
    expect(layers.map((layer) => layer.name)).toEqual(['A', 'Ben'])
  })

  test('the consensus is a layer where there are several answers', () => {
    const consensus = { topic: { annotations: [topic('loans')], score: 1, tie: false } }
    expect(layersOf(task([answer('r1', [])], { consensus }), 'Together')).toHaveLength(1)
    const layers = layersOf(task([answer('r1', []), answer('r2', [])], { consensus }), 'Together')
    expect(layers.at(-1)).toMatchObject({ key: CONSENSUS, name: 'Together', answer: null, annotations: [topic('loans')] })
  })
})

describe('differences', () => {
  const layers = layersOf(task([answer('a', [box('1'), box('2'), topic('loans')]), answer('b', [box('x', 'bus'), topic('cards')]), answer('c', [box('y'), box('z', 'bus')])]), 'Together')

  test('an annotation that others name differently, lack, or have alone is one each; what is the same is none', () => {
    const found = new Map([
      ['b', [{ field: 'objects', distance: 0.5, pairs: [{ a: '1', b: 'x', distance: 0 }], only_a: ['2'], only_b: [] }]],
      ['c', [{ field: 'objects', distance: 0.2, pairs: [{ a: '1', b: 'y', distance: 0 }], only_a: ['2'], only_b: ['z'] }]],
    ])
    const all = differencesOf(layers, found)
    expect(all.map(({ ids }) => Object.fromEntries(ids))).toEqual([
      { a: '2', b: null, c: null },
      { a: null, b: null, c: 'z' },
      { a: '1', b: 'x', c: 'y' },
    ])
  })

  test('two answers to one question are apart by their values', () => {
    const found = new Map([['b', [{ field: 'topic', distance: 1, pairs: [], only_a: [], only_b: [] }]]])
    expect(differencesOf(layers, found).map(({ field, ids }) => [field, Object.fromEntries(ids)])).toEqual([['topic', { a: 'topic', b: 'topic' }]])
  })
})

describe('verdicts', () => {
  const layers = layersOf(task([answer('a', []), answer('b', [], { accepted: true }), answer('c', [], { revision: 3 })]), 'Together')

  test('what was accepted before is not asked again, and each verdict names the revision that was looked at', () => {
    expect(openOf(layers, new Map([['a', 'accepted']])).map((layer) => layer.key)).toEqual(['c'])
    const given = new Map([['c', { verdict: 'rejected' as const, defects: [{ code: 'extra' }], note: 'no' }]])
    expect(verdictsOf(layers, given)).toEqual([{ response: 'c', revision: 3, verdict: 'rejected', defects: [{ code: 'extra' }], note: 'no' }])
  })
})

describe('gold', () => {
  const said = [{ response: 'a', revision: 1, verdict: 'rejected' as const, defects: [], note: '' }, { response: 'b', revision: 2, verdict: 'accepted' as const, defects: [], note: '' }]
  const from = (more: object) => goldFrom({ use: 'test', project: 'p', isResult: false, fixes: false, said, ...more })

  test('a decision makes gold of the result, a review of what was accepted or said instead; what was rejected is no key', () => {
    const keys = [{ isResult: true }, {}, { fixes: true }].map(from).map((one) => goldOf('i', { verdicts: [], decision: null, fixes: false, ...one }, { response: 'own', revision: 3 }))
    expect(keys).toEqual([
      { items: [{ item: 'i' }], use: 'test' },
      { items: [{ item: 'i', response: 'b', revision: 2 }], use: 'test', source: 'response' },
      { items: [{ item: 'i', response: 'own', revision: 3 }], use: 'test', source: 'response' },
    ])
    expect(from({ said: said.slice(0, 1) })).toEqual({})
    expect(from({ use: null })).toEqual({})
  })
})

describe('what a fix changed', () => {
  test('each annotation is added, taken out, moved, relabeled, changed, or left', () => {
    const before = [box('1'), box('2'), box('3'), box('4'), box('5'), topic('loans')]
    const after = [box('1'), box('2', 'bus'), box('3', 'car', [0, 0, 2, 2]), box('4', 'car', [0, 0, 1, 1], { cut: true }), box('6'), topic('cards')]
    expect(changesOf(before, after).map(({ what, before: was, after: is }) => [what, (is ?? was)?.id])).toEqual([
      ['relabeled', '2'],
      ['moved', '3'],
      ['changed', '4'],
      ['removed', '5'],
      ['changed', 'topic'],
      ['added', '6'],
    ])
  })

  test('the server says which stands for which; answers to one question stand for each other', () => {
    const changed = { judged: [box('1'), topic('a')], fixed: [box('9', 'bus'), topic('b'), box('8')], differences: [{ field: 'objects', distance: 1, pairs: [{ a: '1', b: '9', distance: 0 }], only_a: [], only_b: ['8'] }] }
    expect(annotationPairs(changed).map(([was, is]) => [was?.id ?? null, is?.id ?? null])).toEqual([
      ['1', '9'],
      ['topic', 'topic'],
      [null, '8'],
    ])
  })
})
