from pathlib import Path

from config.cli import app

ROOT = Path(__file__).parents[2]


def test_every_process_of_the_procfile_is_a_command_there_is():
    lines = (ROOT / "Procfile").read_text("utf-8").splitlines()
    processes = dict(line.split(": ", 1) for line in lines)
    verbs = {command.callback.__name__ for command in app.registered_commands if command.callback}

    assert set(processes) == {"web", "worker", "release"}
    for command in processes.values():
        program, verb = command.split()
        assert program == "papers"
        assert verb in verbs
