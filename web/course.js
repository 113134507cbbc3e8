/** The course page's start. */
import { startPage } from './start.js';
import './elements/lab-course.js';

startPage();
