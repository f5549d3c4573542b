"""Starts the emulator of test/e2e/requirements.txt with what CloudFormation has and it lacks.

Five things are added, without a fork:

1. Resource types. EC2 ones go through the emulator's own EC2 API. AWS::PCS::*, AWS::SageMaker::*, AWS::FSx::FileSystem and the
   deliveries of AWS::Logs go to the fake of the services as the requests that CloudFormation would make, where the service models
   judge them. Of an EKS add-on and a budget only the shell exists. The create-only properties of the resource schemas mean replacement. And the
   public parameters of PCS images.
2. Progress: DescribeStackResource and its siblings show resources that are under way, and events have milliseconds.
3. Custom resources: a Delete after a failed Create, and answers that CloudFormation would not accept are refused.
4. Cleaning up after an update: what was replaced and what left the template goes together, dependents first.
5. Patience: who asks for a stack that is under way gets the answer when it is settled. The CLI asks every five seconds.

All of it hangs on names that the emulator doesn't promise to keep. The script checks them first, and refuses to start
without one. It ends when its standard input does, so it never outlives the program that started it.
"""

import asyncio
import functools
import importlib
import inspect
import json
import os
import re
import secrets
import signal
import sys
import threading
import time
import urllib.error
import urllib.request
import xml.etree.ElementTree as ElementTree
from datetime import datetime, timedelta, timezone

CLOUDFORMATION = "ministack.services.cloudformation"

# Module, name, and for functions the parameters that are relied on.
PRIVATE_NAMES = [
    (CLOUDFORMATION, "_stack_events", None),
    (CLOUDFORMATION, "handle_request", ["method", "path", "headers", "body", "query_params"]),
    (f"{CLOUDFORMATION}.provisioners", "_RESOURCE_HANDLERS", None),
    (f"{CLOUDFORMATION}.provisioners", "_REPLACING_PROPERTIES", None),
    (f"{CLOUDFORMATION}.custom_resource", "invoke_custom_resource", ["request_type", "logical_id", "props", "stack_id"]),
    (f"{CLOUDFORMATION}.custom_resource", "deliver_response", ["token", "response"]),
    (f"{CLOUDFORMATION}.stacks", "_add_event", ["stack_id", "stack_name", "logical_id", "resource_type", "status", "reason"]),
    (f"{CLOUDFORMATION}.stacks", "_roll_back_operation", ["stack_name", "stack_id", "stack", "operation"]),
    (f"{CLOUDFORMATION}.stacks", "_delete_resource", ["resource_type", "physical_id", "props", "stack_name", "logical_id"]),
    (f"{CLOUDFORMATION}.handlers", "_ACTION_HANDLERS", None),
    (f"{CLOUDFORMATION}.handlers", "_resolve_stack", ["stack_name"]),
    ("ministack.services.ec2", "_ACTION_MAP", None),
    ("ministack.services.ssm", "_PUBLIC_AMI_PARAMETERS", None),
    ("ministack.core.responses", "get_account_id", []),
    ("ministack.core.responses", "get_region", []),
    ("ministack.app", "main", []),
]


def missing_names():
    """The relied-on names that this version of the emulator doesn't have."""
    missing = []
    for module_name, name, parameters in PRIVATE_NAMES:
        try:
            found = getattr(importlib.import_module(module_name), name)
        except (ImportError, AttributeError):
            missing.append(f"{module_name}.{name}")
            continue
        if parameters is not None:
            lacking = [p for p in parameters if p not in inspect.signature(found).parameters]
            missing += [f"{module_name}.{name}({p})" for p in lacking]
    return missing


def replace_everywhere(original, replacement):
    """Rebinds a function in every module of the package that holds it, also where it was imported by name."""
    for module in [m for n, m in list(sys.modules.items()) if n.startswith(CLOUDFORMATION)]:
        for name, value in list(vars(module).items()):
            if value is original:
                setattr(module, name, replacement)


# --- 1. Resource types -----------------------------------------------------------------------------------------------


def record(log_name, **entry):
    """One line of a log, for the scripted run."""
    path = os.environ.get(log_name)
    if path:
        with open(path, "a", encoding="utf-8") as log:
            log.write(json.dumps(entry) + "\n")


def arn(service, resource):
    from ministack.core.responses import get_account_id, get_region

    return f"arn:aws:{service}:{get_region()}:{get_account_id()}:{resource}"


def install(provisioners, ours):
    """Adds a type to the emulator's own."""
    if ours.type in provisioners._RESOURCE_HANDLERS:
        sys.exit(f"the emulator has {ours.type} by now: drop ours from {os.path.basename(__file__)}")
    provisioners._RESOURCE_HANDLERS[ours.type] = {"create": ours.create, "update": ours.update, "delete": ours.delete}
    provisioners._REPLACING_PROPERTIES[ours.type] = ours.create_only


class Forwarded:
    """A resource type of a service that the fake has."""

    def __init__(self, resource_type, create_only):
        self.type = resource_type
        self.create_only = create_only

    def register(self, provisioners):
        install(provisioners, self)

    def send(self, change, **more):
        from ministack.core.responses import get_region

        body = json.dumps({"change": change, "type": self.type, "region": get_region(), **more}).encode()
        request = urllib.request.Request(f"{os.environ['E2E_FAKE_URL']}/cloudformation/resources", body)
        try:
            with urllib.request.urlopen(request) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise ValueError(json.load(error)["message"]) from None

    def create(self, logical_id, properties, stack_name):
        made = self.send("create", logicalId=logical_id, properties=properties)
        record("E2E_TYPES_LOG", op="create", type=self.type, logicalId=logical_id, id=made["id"], properties=properties)
        return made["id"], made["attributes"]

    def update(self, physical_id, old, new, stack_name):
        made = self.send("update", physicalId=physical_id, old=old, properties=new)
        record("E2E_TYPES_LOG", op="update", type=self.type, id=physical_id, properties=new)
        return physical_id, made["attributes"]

    def delete(self, physical_id, properties):
        self.send("delete", physicalId=physical_id)
        record("E2E_TYPES_LOG", op="delete", type=self.type, id=physical_id)


FORWARDED = [
    Forwarded("AWS::PCS::Cluster", ("Name", "Networking", "Size")),
    Forwarded("AWS::PCS::ComputeNodeGroup", ("Name", "ClusterId", "InstanceConfigs")),
    Forwarded("AWS::PCS::Queue", ("Name", "ClusterId")),
    Forwarded("AWS::SageMaker::Cluster", ("ClusterName", "VpcConfig", "Orchestrator")),
    Forwarded("AWS::SageMaker::ComputeQuota", ("Name", "ClusterArn")),
    Forwarded("AWS::SageMaker::ClusterSchedulerConfig", ("Name", "ClusterArn")),
    Forwarded("AWS::SageMaker::Model", ("ModelName", "ExecutionRoleArn", "PrimaryContainer")),
    Forwarded("AWS::SageMaker::EndpointConfig", ("EndpointConfigName", "ProductionVariants")),
    Forwarded("AWS::SageMaker::Endpoint", ("EndpointName",)),
    Forwarded("AWS::FSx::FileSystem", ("FileSystemType", "SubnetIds", "SecurityGroupIds")),
    Forwarded("AWS::Logs::DeliverySource", ("Name", "LogType", "ResourceArn")),
    Forwarded("AWS::Logs::DeliveryDestination", ("Name", "DestinationResourceArn", "OutputFormat")),
    Forwarded("AWS::Logs::Delivery", ("DeliverySourceName", "DeliveryDestinationArn")),
]


def shell(type_, physical_id_of, attributes_of=lambda physical_id: {}):
    """A resource type of which only the shell exists."""

    def create(logical_id, properties, stack_name):
        physical_id = physical_id_of(properties, f"{stack_name}-{logical_id}")
        record("E2E_TYPES_LOG", op="create", type=type_, logicalId=logical_id, id=physical_id, properties=properties)
        return physical_id, attributes_of(physical_id)

    def update(physical_id, old, new, stack_name):
        record("E2E_TYPES_LOG", op="update", type=type_, id=physical_id, properties=new)
        return physical_id, attributes_of(physical_id)

    def delete(physical_id, properties):
        record("E2E_TYPES_LOG", op="delete", type=type_, id=physical_id)

    return {"create": create, "update": update, "delete": delete}


EKS_ADDON = shell(
    "AWS::EKS::Addon",
    lambda properties, default: f"{properties['ClusterName']}|{properties['AddonName']}",
    lambda physical_id: {"Arn": arn("eks", f"addon/{physical_id.replace('|', '/')}")},
)
BUDGET = shell("AWS::Budgets::Budget", lambda properties, default: properties["Budget"].get("BudgetName", default))


def ec2(action, **parameters):
    """Calls the emulator's own EC2 API and returns the texts of its answer by element name."""
    from ministack.services.ec2 import _ACTION_MAP

    query = {key: [str(value)] for key, value in parameters.items() if value is not None}
    status, _, body = _ACTION_MAP[action](query)
    answer = {element.tag.rsplit("}", 1)[-1]: element.text for element in ElementTree.fromstring(body).iter()}
    if status >= 400:
        raise ValueError(f"{answer.get('Code')}: {answer.get('Message')}")
    return answer


def rule_parameters(properties, peer):
    first = "IpPermissions.1"
    return {
        "GroupId": properties["GroupId"],
        f"{first}.IpProtocol": properties["IpProtocol"],
        f"{first}.FromPort": properties.get("FromPort"),
        f"{first}.ToPort": properties.get("ToPort"),
        f"{first}.IpRanges.1.CidrIp": properties.get("CidrIp"),
        f"{first}.Ipv6Ranges.1.CidrIpv6": properties.get("CidrIpv6"),
        f"{first}.Groups.1.GroupId": properties.get(f"{peer}SecurityGroupId"),
        f"{first}.PrefixListIds.1.PrefixListId": properties.get(f"{peer}PrefixListId"),
    }


def updated_by_doing_nothing(create, delete):
    """Handlers of a type whose in-place properties the emulator has no use for: an update keeps id and attributes."""
    attributes = {}

    def remembering(logical_id, properties, stack_name):
        physical_id, attributes_of_it = create(logical_id, properties, stack_name)
        attributes[physical_id] = attributes_of_it
        return physical_id, attributes_of_it

    def update(physical_id, old, new, stack_name):
        return physical_id, attributes[physical_id]

    return {"create": remembering, "update": update, "delete": delete}


def security_group_rule(direction, peer):
    def create(logical_id, properties, stack_name):
        answer = ec2(f"AuthorizeSecurityGroup{direction}", **rule_parameters(properties, peer))
        rule_id = answer["securityGroupRuleId"]
        return rule_id, {"Id": rule_id}

    def delete(physical_id, properties):
        try:
            ec2(f"RevokeSecurityGroup{direction}", **rule_parameters(properties, peer))
        except ValueError as error:
            if "NotFound" not in str(error):
                raise

    return updated_by_doing_nothing(create, delete)


def elastic_ip():
    def create(logical_id, properties, stack_name):
        answer = ec2("AllocateAddress", Domain=properties.get("Domain"))
        return answer["publicIp"], {"AllocationId": answer["allocationId"], "PublicIp": answer["publicIp"]}

    def delete(physical_id, properties):
        addresses = ec2("DescribeAddresses", **{"PublicIp.1": physical_id})
        ec2("ReleaseAddress", AllocationId=addresses["allocationId"])

    return updated_by_doing_nothing(create, delete)


def nat_gateway():
    def create(logical_id, properties, stack_name):
        answer = ec2("CreateNatGateway", SubnetId=properties["SubnetId"], AllocationId=properties.get("AllocationId"))
        return answer["natGatewayId"], {"NatGatewayId": answer["natGatewayId"]}

    def delete(physical_id, properties):
        ec2("DeleteNatGateway", NatGatewayId=physical_id)

    return updated_by_doing_nothing(create, delete)


def placement_group():
    def create(logical_id, properties, stack_name):
        name = f"{stack_name}-{logical_id}-{secrets.token_hex(6).upper()}"
        ec2("CreatePlacementGroup", GroupName=name, Strategy=properties.get("Strategy"),
            PartitionCount=properties.get("PartitionCount"))
        return name, {"GroupName": name}

    def delete(physical_id, properties):
        ec2("DeletePlacementGroup", GroupName=physical_id)

    return updated_by_doing_nothing(create, delete)


RULE_PROPERTIES = ("CidrIp", "CidrIpv6", "FromPort", "GroupId", "IpProtocol", "ToPort")

OTHER_TYPES = {
    "AWS::EC2::SecurityGroupIngress": (
        security_group_rule("Ingress", "Source"), (*RULE_PROPERTIES, "SourcePrefixListId", "SourceSecurityGroupId")),
    "AWS::EC2::SecurityGroupEgress": (
        security_group_rule("Egress", "Destination"),
        (*RULE_PROPERTIES, "DestinationPrefixListId", "DestinationSecurityGroupId")),
    "AWS::EC2::EIP": (elastic_ip(), ("Domain",)),
    "AWS::EC2::NatGateway": (nat_gateway(), ("AllocationId", "SubnetId", "ConnectivityType")),
    "AWS::EC2::PlacementGroup": (placement_group(), ("Strategy", "SpreadLevel", "PartitionCount")),
    "AWS::EKS::Addon": (EKS_ADDON, ("ClusterName", "AddonName")),
    "AWS::Budgets::Budget": (BUDGET, ("NotificationsWithSubscribers",)),
}


# The images that PCS publishes, by the pattern of their parameters.
# https://docs.aws.amazon.com/pcs/latest/userguide/working-with_ami.html
PCS_IMAGE = re.compile(r"/aws/service/pcs/ami/dlami-base-ubuntu2404/(x86_64|arm64)/latest/ami-id")


class PublicParameters(dict):
    def get(self, name, default=None):
        if isinstance(name, str) and PCS_IMAGE.fullmatch(name):
            return "ami-0123456789abcdef0"
        return super().get(name, default)


def add_public_parameters():
    from ministack.services import ssm

    ssm._PUBLIC_AMI_PARAMETERS = PublicParameters(ssm._PUBLIC_AMI_PARAMETERS)


def add_resource_types():
    from ministack.services.cloudformation import provisioners

    for ours in FORWARDED:
        ours.register(provisioners)
    for resource_type, (handlers, create_only) in OTHER_TYPES.items():
        if resource_type not in provisioners._RESOURCE_HANDLERS:
            provisioners._RESOURCE_HANDLERS[resource_type] = handlers
            provisioners._REPLACING_PROPERTIES[resource_type] = create_only


# --- 2. Progress -----------------------------------------------------------------------------------------------------


def show_progress():
    """The emulator lists a resource once it is complete; CloudFormation also while it is under way, or when it failed."""
    from ministack.services import cloudformation
    from ministack.services.cloudformation import handlers, stacks

    in_progress = {}  # (stack id, logical id) -> what differs from the emulator's record
    created_by_update = set()  # (stack id, logical id)
    latest = [datetime.now(timezone.utc)]  # the time of the last event
    add_event = stacks._add_event

    @functools.wraps(add_event)
    def tracking(stack_id, stack_name, logical_id, resource_type, status, reason="", *args, **kwargs):
        key = (stack_id, logical_id)
        # The emulator counts in seconds, and the CLI sorts by time: without milliseconds the events come mixed up.
        latest[0] = max(datetime.now(timezone.utc), latest[0] + timedelta(milliseconds=1))
        moment = latest[0].isoformat(timespec="milliseconds").replace("+00:00", "Z")
        if logical_id != stack_name:
            # The emulator says UPDATE also of what an update of the stack creates.
            if status == "UPDATE_IN_PROGRESS" and logical_id not in handlers._resolve_stack(stack_id)["_resources"]:
                created_by_update.add(key)
            if key in created_by_update:
                status = status.replace("UPDATE_", "CREATE_", 1)
                if status == "CREATE_COMPLETE":
                    handlers._resolve_stack(stack_id)["_resources"][logical_id]["ResourceStatus"] = status
                if status != "CREATE_IN_PROGRESS":
                    created_by_update.discard(key)
            if status.endswith(("_IN_PROGRESS", "_FAILED")):
                in_progress[key] = {
                    "LogicalResourceId": logical_id, "ResourceType": resource_type,
                    "ResourceStatus": status, "ResourceStatusReason": reason, "Timestamp": moment,
                }
            else:
                in_progress.pop(key, None)
        add_event(stack_id, stack_name, logical_id, resource_type, status, reason, *args, **kwargs)
        cloudformation._stack_events[stack_id][-1]["Timestamp"] = moment

    replace_everywhere(add_event, tracking)

    def overlaid(action):
        def answer(parameters):
            stack = handlers._resolve_stack(parameters.get("StackName", [""])[0])
            settled = stack.get("_resources") if stack else None
            if settled is None:
                return action(parameters)
            under_way = {
                logical_id: {**settled.get(logical_id, {}), **entry}
                for (stack_id, logical_id), entry in in_progress.items()
                if stack_id == stack["StackId"]
            }
            stack["_resources"] = {**settled, **under_way}
            try:
                return action(parameters)
            finally:
                stack["_resources"] = settled

        return answer

    for name in ("DescribeStackResource", "DescribeStackResources", "ListStackResources"):
        handlers._ACTION_HANDLERS[name] = overlaid(handlers._ACTION_HANDLERS[name])


# --- 3. Custom resources ---------------------------------------------------------------------------------------------

RESPONSE_LIMIT = 4096


def refusal(response):
    """Why CloudFormation wouldn't accept an answer of a custom resource, if it wouldn't."""
    for field in ("PhysicalResourceId", "StackId", "RequestId", "LogicalResourceId", "Status"):
        if not response.get(field):
            return f"Invalid {field}"
    if len(json.dumps(response, separators=(",", ":"), ensure_ascii=False).encode()) > RESPONSE_LIMIT:
        return "Response object is too long."
    return None


def complete_custom_resources():
    from ministack.services.cloudformation import custom_resource, stacks

    answers = {}  # (stack id, logical id) -> the last answer
    failed_creates = {}  # (stack id, logical id) -> what the Delete needs
    deliver, invoke, roll_back = custom_resource.deliver_response, custom_resource.invoke_custom_resource, stacks._roll_back_operation

    @functools.wraps(deliver)
    def checked(token, response):
        problem = refusal(response)
        if problem:
            response = {**response, "Status": "FAILED", "Reason": problem}
        answers[response.get("StackId"), response.get("LogicalResourceId")] = response
        return deliver(token, response)

    @functools.wraps(invoke)
    def remembering(*args, **kwargs):
        call = inspect.signature(invoke).bind(*args, **kwargs).arguments
        key = (call["stack_id"], call["logical_id"])
        answers.pop(key, None)
        failed_creates.pop(key, None)
        invoked = time.monotonic()
        try:
            answer = invoke(*args, **kwargs)
            record("E2E_ANSWERS_LOG", type=call["resource_type"], request=call["request_type"], seconds=time.monotonic() - invoked)
            return answer
        except Exception:
            if call["request_type"] == "Create":
                # Without an answer CloudFormation makes up an id, and still sends the Delete.
                made_up = f"{call['stack_name']}-{call['logical_id']}-{secrets.token_hex(6).upper()}"
                failed_creates[key] = {
                    "PhysicalResourceId": answers.get(key, {}).get("PhysicalResourceId") or made_up,
                    "ResourceType": call["resource_type"],
                    "Properties": call["props"],
                }
            raise

    @functools.wraps(roll_back)
    async def deleting_the_failed(stack_name, stack_id, stack, operation, *args, **kwargs):
        logical_id = operation.get("failed_logical_id")
        failed = failed_creates.pop((stack_id, logical_id), None)
        if failed:
            stack.setdefault("_resources", {})[logical_id] = {"LogicalResourceId": logical_id, **failed}
            operation = {**operation, "created": [*operation.get("created", []), logical_id]}
        return await roll_back(stack_name, stack_id, stack, operation, *args, **kwargs)

    replace_everywhere(deliver, checked)
    replace_everywhere(invoke, remembering)
    replace_everywhere(roll_back, deleting_the_failed)


# --- 4. Cleaning up --------------------------------------------------------------------------------------------------


def clean_up_in_order():
    """The emulator begins with what was replaced. What is still in use then comes again, each time that more is gone."""
    from ministack.services.cloudformation import handlers, stacks

    delete = stacks._delete_resource
    postponed = {}  # stack name -> calls

    @functools.wraps(delete)
    def in_order(resource_type, physical_id, props, stack_name=None, logical_id=None):
        call = (resource_type, physical_id, props, stack_name, logical_id)
        try:
            delete(*call)
        except ValueError as error:
            stack = handlers._resolve_stack(stack_name)
            if "ConflictException" not in str(error) or not stack or stack["StackStatus"] != "UPDATE_IN_PROGRESS":
                raise
            postponed.setdefault(stack_name, []).append(call)
            return
        for again in postponed.pop(stack_name, []):
            in_order(*again)

    stacks._delete_resource = in_order


# --- 5. Patience -----------------------------------------------------------------------------------------------------

LONGEST_PAUSE_SECONDS = 20
PAUSE_SECONDS = 0.1

UNDER_WAY = re.compile(rb"<StackStatus>(?!REVIEW_)\w+_IN_PROGRESS</StackStatus>")


def answer_when_settled():
    from ministack.services import cloudformation

    handle = cloudformation.handle_request

    @functools.wraps(handle)
    async def patient(method, path, headers, body, query_params):
        answer = await handle(method, path, headers, body, query_params)
        if b"Action=DescribeStacks&" not in body + b"&":
            return answer
        for _ in range(int(LONGEST_PAUSE_SECONDS / PAUSE_SECONDS)):
            _, _, text = answer
            if not UNDER_WAY.search(text.encode() if isinstance(text, str) else text):
                break
            await asyncio.sleep(PAUSE_SECONDS)
            answer = await handle(method, path, headers, body, query_params)
        return answer

    cloudformation.handle_request = patient


# --- Start -----------------------------------------------------------------------------------------------------------


def end_with_standard_input():
    """Nobody is left to stop us once the other end of our standard input is gone."""

    def watch():
        while sys.stdin.buffer.read(4096):
            pass
        os.killpg(os.getpgrp(), signal.SIGKILL)

    threading.Thread(target=watch, daemon=True).start()


def main():
    missing = missing_names()
    if missing:
        sys.exit(f"this version of the emulator lacks what {os.path.basename(__file__)} relies on: {', '.join(missing)}")
    if os.environ.get("BIND_HOST") not in ("127.0.0.1", "localhost"):
        sys.exit("BIND_HOST must be 127.0.0.1: the emulator is for this machine alone")
    add_resource_types()
    add_public_parameters()
    show_progress()
    complete_custom_resources()
    clean_up_in_order()
    answer_when_settled()
    end_with_standard_input()
    importlib.import_module("ministack.app").main()


if __name__ == "__main__":
    main()
