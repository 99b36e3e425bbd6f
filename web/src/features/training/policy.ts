// The sections of a workflow policy that gold and the course are, read and put back without touching the rest.
import type { Policy, Project } from '../../api'

export interface GoldRule { rate?: number; uses?: number | null }
export interface Exam { good?: number; bad?: number; alpha?: number; beta?: number; most?: number; right?: number; tries?: number; pause?: string }
export interface Pilot { items?: number; agree?: number }
export interface Course { guideline?: string; practice?: number; test?: Exam | null; pilot?: Pilot | null; renew?: 'nothing' | 'practice' | 'test' }

/** What the server fills in where a course says nothing. */
export const EXAM: Required<Exam> = { good: 0.9, bad: 0.75, alpha: 0.05, beta: 0.1, most: 40, right: 0.9, tries: 3, pause: '1d' }
export const PILOT: Required<Pilot> = { items: 20, agree: 0.7 }
export const PRACTICE = 5

export const courseOf = (project: Project): Course | null => (project.policy as { course?: Course | null } | null)?.course ?? null

/** The course with everything that it leaves out. */
export function wholeOf(course: Course): Required<Omit<Course, 'test' | 'pilot'>> & { test: Required<Exam> | null; pilot: Required<Pilot> | null } {
  return {
    guideline: course.guideline ?? '',
    practice: course.practice ?? PRACTICE,
    test: course.test === null ? null : { ...EXAM, ...course.test },
    pilot: course.pilot ? { ...PILOT, ...course.pilot } : null,
    renew: course.renew ?? 'nothing',
  }
}

export function policyWith(project: Project, change: { gold?: GoldRule | null; course?: Course | null }): Policy {
  return { ...(project.policy as object), ...change } as Policy
}
