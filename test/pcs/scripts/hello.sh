#!/bin/bash
echo "hello from $PCS_NODE_ID"
