export { CoursePage } from './CoursePage'
export { GoldPage } from './GoldPage'
export { MakeGold } from './MakeGold'
