export { AboutMe } from './AboutMe'
export { Asked } from './Asked'
export { FairnessPage } from './FairnessPage'
