"""When targets are published: timetables, and the clock that turns due times into runs."""
