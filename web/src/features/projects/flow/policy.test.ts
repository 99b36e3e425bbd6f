import { describe, expect, it } from 'vitest'
import { conditionsOf, difference, fromYaml, renamed, toYaml, waysOf, whenOf, withoutWays, withStage, withWay, type Flow } from './policy'
import { TEMPLATES } from './templates'
import { wayWords } from './words'

const reviewed = TEMPLATES.two
const stage = (flow: Flow, name: string) => flow.stages[name] ?? { do: 'label' as const }

describe('a policy', () => {
  it('is the same as text and as a value', () => {
    for (const flow of Object.values(TEMPLATES)) expect(fromYaml(toYaml(flow)).flow).toEqual(flow)
  })

  it('says on which line its text is broken', () => {
    expect(fromYaml('stages:\n  label: {do: label').problems[0]?.line).toBeGreaterThan(0)
    expect(fromYaml('start: label').problems[0]?.path).toBe('stages')
  })

  it('has its ways by verdict as ways', () => {
    expect(waysOf(stage(reviewed, 'second'))).toEqual([{ to: 'accept', when: { verdict: 'accepted' } }, { to: 'accept', when: { verdict: 'fixed' } }, { to: 'label', when: { verdict: 'rejected' } }])
  })

  it('is renamed wherever a stage is named', () => {
    const next = renamed(TEMPLATES.expert, 'expert', 'doctor')
    expect(Object.keys(next.stages)).toEqual(['label', 'doctor', 'accept'])
    expect(stage(next, 'label').skip).toEqual({ after: 2, then: 'doctor' })
    expect(renamed(reviewed, 'label', 'mark').start).toBe('mark')
    expect(waysOf(stage(renamed(reviewed, 'label', 'mark'), 'second')).at(-1)?.to).toBe('mark')
  })

  it('loses the ways to a stage that is taken out', () => {
    const next = renamed(TEMPLATES.expert, 'expert', null)
    expect(stage(next, 'label').skip).toEqual({})
    expect(waysOf(stage(renamed(reviewed, 'second', null), 'review')).map((way) => way.to)).toEqual(['label'])
  })

  it('gets a way that is drawn, before the one that always holds, and loses ways that are taken out', () => {
    const ways = (flow: Flow, name: string) => waysOf(stage(flow, name)).map((way) => way.to)
    expect(ways(withWay(TEMPLATES.sampled, 'label', 'accept'), 'label')).toEqual(['review', 'review', 'accept'])
    expect(waysOf(stage(withWay(TEMPLATES.differ, 'label', 'label'), 'label'))).toEqual([{ to: 'decide', when: { differ: { below: 0.8 } } }, { to: 'label', share: 0.5 }, { to: 'accept' }])
    expect(waysOf(stage(withWay(reviewed, 'second', 'review'), 'second')).at(-1)).toEqual({ to: 'review', when: { verdict: 'rejected' } })
    expect(ways(withoutWays(TEMPLATES.sampled, 'label', 'review'), 'label')).toEqual(['accept'])
    expect(stage(withoutWays(TEMPLATES.expert, 'label', 'expert'), 'label').skip).toEqual({})
  })

  it('leaves unsaid what is taken out', () => {
    expect(Object.keys(stage(withStage(reviewed, 'label', { overlap: undefined as never }), 'label'))).toEqual(['do', 'next'])
  })
})

describe('a condition', () => {
  it('is the same in the form and in the policy', () => {
    const when = { verdict: 'fixed', differ: { below: 0.7, field: 'topic' }, tie: false, metadata: { site: ['a', 'b'], night: true } }
    expect(whenOf(conditionsOf(when) ?? [])).toEqual(when)
  })

  it('that the form cannot show is left to the text', () => {
    expect(conditionsOf({ risk: { above: 0.1, below: 0.5 } })).toBeNull()
  })

  it('is said in a few words', () => {
    expect(wayWords({ to: 'a', share: 0.2, when: { differ: { below: 0.8 } } }, false)).toBe('agreement < 0.8, 20 %')
    expect(wayWords({ to: 'a' }, false)).toBe('otherwise')
  })
})

it('the difference of two texts keeps what both have', () => {
  expect(difference('a\nb\nc\n', 'a\nc\nd\n').map(({ sign, line }) => sign + line)).toEqual([' a', '-b', ' c', '+d'])
})
