/** All of the lab in one classic script: an element for pages, and the start of a page that is nothing but a lab. */
import './tcp-lab.js';
import { startFrame } from './embed/frame.js';

if (document.documentElement.dataset.tcplab === 'frame') startFrame();
