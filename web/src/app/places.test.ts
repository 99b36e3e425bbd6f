import { describe, expect, it } from 'vitest'
import { entriesFor, isAt, isFor, neededFor, PROJECT, sectionsFor, WORKSPACE } from './places'

const ends = (role: Parameters<typeof entriesFor>[0]) => entriesFor(role).map((one) => one.end)

describe('the pages of a project', () => {
  it('are those that the role may open, in the palette', () => {
    expect(ends('annotator')).toEqual(['/label', '/many', '/feedback', '/pay/mine', '/guideline'])
    expect(ends('reviewer')).toEqual(['', '/label', '/items', '/many', '/review', '/feedback', '/pay/mine', '/guideline', '/questions', '/quality', '/people', '/people/charts', '/gold', '/course', '/fairness'])
    expect(ends('manager')).toContain('/assignments')
    expect(ends('manager')).not.toContain('/pay/mine')
    expect(ends(undefined)).toEqual([])
  })

  it('stand in groups of at most seven, and a group that has no page for the role is not there', () => {
    expect(sectionsFor('manager').map((one) => one.title)).toEqual([null, 'Guidance', 'People and quality', 'Running it'])
    expect(sectionsFor('reviewer').map((one) => one.id)).toEqual(['work', 'guidance', 'quality'])
    expect(sectionsFor('manager').every((one) => one.entries.length <= 7)).toBe(true)
  })

  it('are listed once, and every one says who may open it', () => {
    const all = PROJECT.flatMap((one) => one.entries.map((entry) => entry.end))
    expect(new Set(all).size).toBe(all.length)
    expect(neededFor('/assignments')).toBe('manager')
    expect(() => neededFor('/nowhere')).toThrow('/nowhere')
  })

  it('have one that is active: home only by itself, others with what is below them', () => {
    const active = (path: string) => sectionsFor('manager').flatMap((one) => one.entries).filter((one) => isAt(one, '/p/1', path)).map((one) => one.end)
    expect(active('/p/1')).toEqual([''])
    expect(active('/p/1/people/charts')).toEqual(['/people'])
    expect(active('/p/1/pay/mine')).toEqual(['/pay'])
  })
})

it('the pages of a workspace are those that the role may open', () => {
  expect(WORKSPACE.filter((one) => isFor(one, 'reviewer')).map((one) => one.end)).toEqual(['/projects'])
  expect(WORKSPACE.filter((one) => isFor(one, 'manager')).map((one) => one.end)).toEqual(['/projects', '/new', '/people', '/jobs'])
})
