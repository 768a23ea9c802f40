"""What is unsafe and what to do about it. Advice passes ``safety`` or is not shown."""
