// SPDX-License-Identifier: MIT
// For tests: a contract that challenges, and that takes its bond back in whichever manner it was told to.
pragma solidity ^0.8.28;

// It behaves badly on purpose, in as little gas as comes with a bond.
// solhint-disable no-complex-fallback, reason-string, gas-custom-errors, avoid-low-level-calls, no-inline-assembly

import {Address} from "@openzeppelin/contracts/utils/Address.sol";

contract Challenger {
    enum Manner {
        Take,
        Refuse,
        BurnGas,
        ReturnMuch,
        CountTaken,
        CallBack
    }

    uint256 private constant MUCH = 100_000;

    Manner private _manner;
    address private _target;
    /// @dev Kept as code, since reading it from storage would cost more gas than comes with a bond.
    address private _call;

    /// @notice How many bonds were taken, by one that counts.
    uint256 public taken;
    /// @notice How many of its calls back succeeded.
    uint256 public succeeded;

    receive() external payable {
        if (_manner == Manner.Refuse) revert();
        if (_manner == Manner.BurnGas) while (true) {}
        if (_manner == Manner.ReturnMuch) _returnMuch();
        if (_manner == Manner.CountTaken) ++taken;
        if (_manner == Manner.CallBack) _callBack();
    }

    function behave(Manner manner) external {
        _manner = manner;
    }

    /// @notice From now on it calls `target` with `data` while it takes a bond, whatever comes of it.
    function callBack(address target, bytes calldata data) external {
        (_manner, _target, _call) = (Manner.CallBack, target, _written(data));
    }

    /// @notice Sends on what it was sent.
    function send(address target, bytes calldata data) external payable {
        Address.functionCallWithValue(target, data, msg.value);
    }

    function _callBack() private {
        (bool done, ) = _target.call(_call.code);
        if (done) ++succeeded;
    }

    /// @dev The ten bytes before it return the rest as code.
    function _written(bytes calldata data) private returns (address note) {
        bytes memory creation = abi.encodePacked(hex"61", uint16(data.length), hex"80600a3d393df3", data);
        assembly ("memory-safe") {
            note := create(0, add(creation, 0x20), mload(creation))
        }
    }

    function _returnMuch() private pure {
        assembly {
            return(0, MUCH)
        }
    }
}
