#!/bin/bash
echo hi from a script
