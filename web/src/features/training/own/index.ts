// What somebody in a course sees of it: on their start page, in the labeling screen, and of what they learn.
export { Appeal, AppealOutcome } from './Appeal'
export { BetweenParts } from './BetweenParts'
export { CourseCards } from './CourseCard'
export { CourseEnd } from './CourseEnd'
export { CoursePill } from './CoursePill'
export { OwnScores } from './OwnScores'
export { PracticeTold } from './PracticeTold'
