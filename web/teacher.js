/** The teacher’s page's start. */
import { startPage } from './start.js';
import './elements/lab-teacher.js';

startPage();
