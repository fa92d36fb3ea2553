"""Mutations: one line for each act."""

import strawberry

from actions import calendars, changing, ending, opening, promises, promising, recalculating, talking, working
from schema import sla  # noqa: F401  # its inputs are what these acts ask for
from schema.act import act


@strawberry.type
class Mutation:
    create_case = act(opening.create_case)
    update_case = act(changing.update_case)
    change_case_customer = act(changing.change_case_customer)
    assign_case = act(changing.assign_case)
    add_comment = act(talking.add_comment)
    progress_case = act(working.progress_case)
    suspend_case = act(working.suspend_case)
    resume_case = act(working.resume_case)
    resolve_case = act(ending.resolve_case)
    close_case = act(ending.close_case)
    cancel_case = act(ending.cancel_case)
    reactivate_case = act(ending.reactivate_case)
    delete_case = act(ending.delete_case)
    apply_sla = act(promising.apply_sla)
    save_calendar = act(calendars.save_calendar)
    save_sla_policy = act(promises.save_sla_policy)
    activate_sla_policy = act(promises.activate_sla_policy)
    deactivate_sla_policy = act(promises.deactivate_sla_policy)
    set_default_sla_policy = act(promises.set_default_sla_policy)
    recalculate_sla = act(recalculating.recalculate_sla)
