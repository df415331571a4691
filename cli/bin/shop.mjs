#!/usr/bin/env node
import '../../scripts/shop.mjs';
