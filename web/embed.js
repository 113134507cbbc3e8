/** The start of embed.html. */
import './tcp-lab.js';
import { startFrame } from './embed/frame.js';

startFrame();
