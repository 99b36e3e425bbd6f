import { expect, test } from 'vitest'
import type { AuditEntry, Member } from '../../api'
import { details, happened, subject } from './auditWords'

const ANA = { id: 'm1', person: 'p1', author: 'a1', name: 'Ana Kowalski' } as Member

function entry(name: string, thing: Record<string, unknown>, data: Record<string, unknown> = {}, project: AuditEntry['project'] = null): AuditEntry {
  return { seq: 1, at: '2026-11-22T08:00:00Z', actor: { id: 'p2', name: 'Olu' }, name, thing, data, project, address: '' }
}

test('what happened is a sentence, also where this page does not know its name yet', () => {
  expect(happened('project.created')).toBe('Project created')
  expect(happened('robot.switched_off')).toBe('Robot switched off')
})

test('people are shown by their names, whichever of their ids an entry holds', () => {
  expect(subject(entry('member.role', { type: 'member', id: 'm1' }), [ANA])).toBe('Ana Kowalski')
  expect(subject(entry('password.changed', { type: 'person', id: 'p1' }), [ANA])).toBe('Ana Kowalski')
  expect(subject(entry('responses.excluded', { type: 'author', id: 'a1' }), [ANA])).toBe('Ana Kowalski')
})

test('what else was written down reads as words, without ids and without what is false', () => {
  expect(details(entry('member.role', { type: 'member', id: 'm1' }, { before: 'annotator', after: 'manager' }))).toBe('from annotator to manager')
  expect(details(entry('import.started', { type: 'job', id: 'j' }, { source: 'upload', update: false }))).toBe('from an upload')
  expect(details(entry('responses.excluded', { type: 'author', id: 'a1' }, { operation: 'o', responses: 1280, reason: 'too fast' }))).toBe('1,280 responses, “too fast”')
  expect(details(entry('project.cloned', { type: 'project', id: 'p' }, { source: '01a20272-04b7-7bae-9a1a-9901f0000000' }))).toBe('')
  expect(details(entry('token.made', { type: 'token', id: 't' }, { label: 'laptop', scopes: ['read', 'write'] }))).toBe('may read, write')
})
