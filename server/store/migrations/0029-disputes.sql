-- Hours that were disputed twice: they wait for the operator, who finds them without knowing the activity.
CREATE INDEX attendances_appealed ON attendances (activity, volunteer) WHERE state = 'appealed';
